/** The benchmark itself, alike in Node and in the browser: opens the engines that are there and times them on every workload. */
import type { WasmBuilds } from '../../src/kernels/wasm/wasm-backend.ts';
import { createEmbedsmith } from './engines/embedsmith.ts';
import type { Engine, EngineName } from './engines/engine.ts';
import { createJax } from './engines/jax.ts';
import type { JaxLibrary } from './engines/jax-library.ts';
import { type AskPyTorch, createPyTorch } from './engines/pytorch.ts';
import { createStock } from './engines/stock.ts';
import { type Failure, measure, type Row } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { createWorkload } from './workload.ts';

/** What the place that runs the benchmark offers; null for what is not there. */
export type Offered = {
  builds: WasmBuilds;
  /** A jax-js of its own for each backend. */
  jax: ((backend: 'webgpu' | 'wasm') => Promise<JaxLibrary>) | null;
  pytorch: AskPyTorch | null;
  /** Tells the person who waits. */
  say: (line: string) => void;
};

export type Result = { rows: Row[]; failures: Failure[] };

async function openEngines({ engines, backends, threads }: BenchOptions, offered: Offered): Promise<Engine[]> {
  const { jax, pytorch } = offered;
  const builds = threads === null ? offered.builds : { ...offered.builds, cores: threads };
  const opened: (Engine | null)[] = [];
  const wants = (name: EngineName) => engines.includes(name);
  for (const backend of ['webgpu', 'wasm'] as const) {
    if (!backends.includes(backend)) continue;
    if (wants('embedsmith')) opened.push(await createEmbedsmith(backend, builds));
    if (wants('stock')) opened.push(await createStock(backend, builds));
    if (wants('jax') && jax) opened.push(await createJax(backend, await jax(backend)));
  }
  if (pytorch && engines.some((name) => name.startsWith('pytorch')))
    opened.push(...(await createPyTorch(pytorch, builds.cores)));
  return opened.filter(
    (engine): engine is Engine => engine !== null && wants(engine.name) && backends.includes(engine.backend),
  );
}

/**
 * TFLOP/s of a large fp32 product on the GPU and on the CPU: PyTorch's own where it is there, else the best that an
 * engine of ours reaches.
 */
async function measurePeaks(
  engines: readonly Engine[],
  say: Offered['say'],
): Promise<(engine: Engine) => number | null> {
  const peaks = new Map<boolean, number>();
  // PyTorch's goes first; software adapters compute where WASM does, and slower.
  const order = [...engines].sort((a, b) => rank(a) - rank(b));
  for (const engine of order) {
    if (!engine.matmulPeak || peaks.has(engine.software)) continue;
    const tflops = await engine.matmulPeak();
    peaks.set(engine.software, tflops);
    say(`fp32 matrix product of ${engine.adapter} by ${engine.name}: ${tflops.toPrecision(3)} TFLOP/s`);
  }
  return ({ software }) => peaks.get(software) ?? null;
}

function rank({ name, backend, software }: Engine): number {
  if (name === 'pytorch') return 0;
  return backend === 'webgpu' && software ? 2 : 1;
}

/** @throws Error where none of the engines asked for can run here */
export async function runBenchmark(options: BenchOptions, offered: Offered): Promise<Result> {
  const engines = await openEngines(options, offered);
  for (const { name, backend, adapter } of engines) offered.say(`${name} on ${backend}: ${adapter}`);
  if (engines.length === 0) throw new Error('None of the engines asked for can run here.');
  const { models, pairs, tokens, lengths } = options;
  const workloads = models.length * pairs.length * tokens.length * lengths.length;
  if (workloads > 4 && engines.every(({ software }) => software)) {
    offered.say(`There is no GPU here, and ${workloads} workloads take hours without one; --quick suits this machine.`);
  }
  const result: Result = { rows: [], failures: [] };
  const peakOf = await measurePeaks(engines, offered.say);
  for (const model of options.models) {
    for (const tokens of options.tokens) {
      for (const pairs of options.pairs) {
        for (const lengths of options.lengths) {
          offered.say(`${model}, ${pairs} pairs × ${tokens} tokens, ${lengths} …`);
          const workload = createWorkload(model, { pairs, tokens, lengths });
          const { rows, failures } = await measure(engines, workload, options, peakOf, offered.say);
          result.rows.push(...rows);
          result.failures.push(...failures);
          for (const { engine, backend, reason } of failures) offered.say(`${engine} on ${backend} failed: ${reason}`);
        }
      }
    }
  }
  return result;
}
