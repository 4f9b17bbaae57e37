/**
 * Gradients that let go of what they no longer need. tfjs (4.22.0) keeps every saved tensor, every gradient and every
 * temporary until the whole backward pass is done, about twice the memory; here they go once the next operation begins.
 */
import * as tf from '@tensorflow/tfjs';

type Engine = ReturnType<typeof tf.engine>;

/** tfjs's own way of writing an operation down on the tape; private in its types. */
function ownAddTapeNode(engine: Engine): (...operation: unknown[]) => void {
  return Reflect.get(Object.getPrototypeOf(engine), 'addTapeNode').bind(engine);
}

/**
 * Runs `body`, which takes gradients once (tf.variableGrads, tf.valueAndGrad …). It may run within an operation's gradient.
 * Nothing of what the gradients are taken to may be the result of an operation in `body`.
 */
export function leanBackward<T>(body: () => T): T {
  const engine = tf.engine();
  const addTapeNode = ownAddTapeNode(engine);
  const outside = Object.getOwnPropertyDescriptor(engine, 'addTapeNode');
  const tape = engine.state.activeTape; // a pass within another would lose it
  let release = () => {};
  /** Numbers of the tensors that have a gradient so far; tfjs adds further ones to it. */
  const reached = new Set<number>();

  const add = (...operation: unknown[]) => {
    addTapeNode(...operation);
    const node = engine.state.activeTape.at(-1)!;
    const { gradient, saved, inputs } = node;
    if (!gradient) return;
    node.gradient = (dys) => {
      release();
      const { track } = engine.state.activeScope as unknown as { track: tf.Tensor[] };
      const before = track.length;
      const functions = gradient(dys);
      const made = track.slice(before);
      const given = new Set<tf.Tensor>();
      const added: tf.Tensor[] = [];
      release = () => {
        for (const tensor of [...dys, ...(saved ?? []), ...added]) tensor?.dispose();
        for (const tensor of made) if (!given.has(tensor)) tensor.dispose();
      };
      // Each gradient is a tensor of its own, so that one can go before another.
      const once = (name: string, take: () => tf.Tensor) => () => {
        const found = take();
        const own = given.has(found) || dys.includes(found) ? tf.clone(found) : found;
        given.add(own);
        const { id } = inputs[name]!;
        if (reached.has(id)) added.push(own);
        reached.add(id);
        return own;
      };
      return Object.fromEntries(Object.entries(functions).map(([name, take]) => [name, once(name, take)]));
    };
  };

  Object.defineProperty(engine, 'addTapeNode', { value: add, configurable: true, writable: true });
  try {
    return body();
  } catch (error) {
    // tfjs keeps what an operation saves for its gradient until that is taken; where an error comes first, for ever.
    const begun = engine.state.activeTape;
    if (begun && begun !== tape) for (const { saved } of begun) tf.dispose(saved ?? []);
    throw error;
  } finally {
    if (outside) Object.defineProperty(engine, 'addTapeNode', outside);
    else Reflect.deleteProperty(engine, 'addTapeNode');
    engine.state.activeTape = tape;
  }
}
