/**
 * What a training step on WASM holds at the most beside weights and the optimiser's memory, found by going through its
 * operations in order (model/encoder.ts, kernels/linear, attention, lean-backward.ts).
 * T tokens, H hidden, F intermediate.
 */
import type { EncoderSizes, StepShape } from './memory.ts';
import type { Ledger, Piece } from './memory-ledger.ts';

type Layer = Record<'qkv' | 'statistics' | 'context' | 'y' | 's' | 'u' | 's2', Piece>;

/** @param embeddings floats of the tables' gradients; 0 where they are frozen */
export function walkStepOnWasm(ledger: Ledger, sizes: EncoderSizes, shape: StepShape, embeddings: number): void {
  const { take, give } = ledger;
  const { hidden: H, intermediate: F, heads, layers } = sizes;
  const { rows, size, tokens: T, drop, recompute } = shape;

  /** What the operation before has no need of any more goes when the next one begins. */
  let done: Piece[] = [];
  const begin = () => give(...done.splice(0));
  const end = (...pieces: (Piece | null)[]) => {
    done = pieces.filter((piece) => piece !== null);
  };

  const linear = (outputs: number): Piece => take(T * outputs);

  function forward(): { out: Piece; kept: Layer } {
    const joined = [take(3 * H * H), take(3 * H)];
    const qkv = linear(3 * H);
    give(...joined);
    const [context, statistics] = [take(T * H), take(2 * T * heads)];
    const output = linear(H);
    const [y, s] = [take(T * H), take(T * H)];
    const u = linear(F);
    const g = take(T * F);
    const narrowed = linear(H);
    give(g);
    const [out, s2] = [take(T * H), take(T * H)];
    give(output, narrowed);
    return { out, kept: { qkv, statistics, context, y, s, u, s2 } };
  }

  /** They stay; those of several layers are one product, and then separated. */
  function weightGradients(inputs: number, outputs: number, layers = 1): void {
    const [product, sums] = [take(inputs * outputs), take(outputs)];
    if (layers === 1) return;
    take((inputs + 1) * outputs);
    give(product, sums);
  }

  const normGradient = () => {
    take(2 * H);
    return { ds: take(T * H), dx: drop ? take(T * H) : null };
  };

  /** @param given what goes with the first and the last operation: the gradient that came, and the layer's input */
  function backward(kept: Layer, given: { dy: Piece | null; x: Piece | null }): Piece {
    begin();
    const second = normGradient();
    end(given.dy, kept.s2);
    begin();
    const du = take(T * F);
    weightGradients(F, H);
    weightGradients(H, F);
    const sum = take(T * H);
    end(second.ds, second.dx, du, kept.u, kept.y);
    begin();
    const first = normGradient();
    end(sum, kept.s);
    begin();
    weightGradients(H, H);
    const dContext = take(T * H);
    end(first.dx, kept.context);
    begin();
    const dqkv = take(3 * T * H);
    end(dContext, kept.qkv, kept.statistics);
    begin();
    weightGradients(H, 3 * H, 3);
    const weights = take(3 * H * H);
    const dx = take(T * H);
    give(weights);
    end(dqkv, first.ds);
    if (given.x) done.push(given.x);
    return dx;
  }

  const states = [take(T * H)];
  const kept: (Layer | null)[] = [];
  for (let i = 0; i < layers; i++) {
    const made = forward();
    states.push(made.out);
    if (recompute) give(...Object.values(made.kept));
    kept.push(recompute ? null : made.kept);
  }

  // Pooling, normalisation, the objective, and their gradients.
  const embeddingsOfRows = Array.from({ length: shape.normalize ? 4 : 3 }, () => take(rows * H));
  const candidates = shape.comparison === 'ranking' ? rows - size : shape.comparison === 'matrix' ? size : 1;
  const matrices = Array.from({ length: 4 }, () => take(size * candidates));
  give(states.pop()!);
  let dy = take(T * H);
  end(...embeddingsOfRows, ...matrices);

  for (let i = layers - 1; i >= 0; i--) {
    const x = states.pop()!;
    const own = kept[i];
    if (own) {
      dy = backward(own, { dy, x });
      continue;
    }
    begin();
    const again = forward();
    const dx = backward(again.kept, { dy: null, x: null });
    give(...done.splice(0), again.out);
    end(dy, x);
    dy = dx;
  }

  begin();
  take(embeddings + 2 * H);
}
