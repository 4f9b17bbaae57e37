/**
 * A thread of the SIMD kernels, in a browser and in Node: takes parts of the work that simd-module.ts announces, until it
 * is terminated. Plain JavaScript, because Node starts it as it is.
 */

/**
 * Words of the control memory. `next` is what to take next: the announcement's number in the upper bits, the part in the
 * lower five; there is nothing left where that is `parts`.
 */
const [next, done, kernel, parts, count] = [0, 1, 2, 3, 4];
const partBits = 31;
const numbersAt = 64;

function work({ module, memory, control, names }) {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const words = new Int32Array(control);
  const numbers = new Float64Array(control, numbersAt);
  for (;;) {
    const found = Atomics.load(words, next);
    const part = found & partBits;
    const all = words[parts];
    if (part >= all) {
      Atomics.wait(words, next, found);
      continue;
    }
    const run = exports[names[words[kernel]]];
    const given = numbers.slice(0, words[count]);
    // Fails where the work was announced or taken by others meanwhile, so what was read belongs to it.
    if (Atomics.compareExchange(words, next, found, found + 1) !== found) continue;
    run(part, all, ...given);
    if (Atomics.add(words, done, 1) + 1 === all) Atomics.notify(words, done);
  }
}

const inNode = globalThis.process?.getBuiltinModule?.('node:worker_threads').parentPort;
(inNode ?? globalThis).onmessage = ({ data }) => work(data);
