/**
 * What a training step on WASM holds at the most beside weights and the optimiser's memory, found by going through its
 * operations in order (model/encoder.ts, kernels/linear, attention, lean-backward.ts).
 * T tokens, H hidden, F intermediate.
 */
import type { EncoderSizes, StepShape } from './memory.ts';
import { operationsOn, walkLayers } from './memory-layers.ts';
import type { Ledger, Piece } from './memory-ledger.ts';

type Layer = Record<'qkv' | 'statistics' | 'context' | 'y' | 's' | 'u' | 's2', Piece>;

/** @param embeddings floats of the tables' gradients; 0 where they are frozen */
export function walkStepOnWasm(ledger: Ledger, sizes: EncoderSizes, shape: StepShape, embeddings: number): void {
  const { take, give } = ledger;
  const { hidden: H, intermediate: F, heads, layers } = sizes;
  const { rows, size, tokens: T, drop, recompute } = shape;

  const operations = operationsOn(ledger);
  const { begin, end } = operations;

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
    end(dqkv, first.ds, given.x);
    return dx;
  }

  /** Pooling, normalisation, the objective, and their gradients. */
  function objective(out: Piece): Piece {
    const embeddingsOfRows = Array.from({ length: shape.normalize ? 4 : 3 }, () => take(rows * H));
    const candidates = shape.comparison === 'ranking' ? rows - size : shape.comparison === 'matrix' ? size : 1;
    const matrices = Array.from({ length: 4 }, () => take(size * candidates));
    give(out);
    const dy = take(T * H);
    end(...embeddingsOfRows, ...matrices);
    return dy;
  }

  walkLayers(ledger, operations, { layers, recompute }, take(T * H), { forward, objective, backward });

  begin();
  take(embeddings + 2 * H);
}
