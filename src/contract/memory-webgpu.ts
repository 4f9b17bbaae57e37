/**
 * What a recorded training step takes of the pool on WebGPU, found by going through its operations in order: what each
 * allocates, keeps for the gradient and lets go of (model/encoder.ts, kernels/linear, attention, norm,
 * ranking-loss-webgpu.ts and lean-backward.ts). T tokens, H hidden, F intermediate. Hidden states and their gradients may be
 * halves; all else is floats.
 */
import type { EncoderSizes, StepShape } from './memory.ts';
import { operationsOn, walkLayers } from './memory-layers.ts';
import type { Ledger, Piece } from './memory-ledger.ts';

/** Sums over rows that the gradient of a LayerNorm makes (kernels/norm/norm-programs.ts). */
const normSums = (rows: number, software: boolean): number => {
  const depth = Math.max(1, Math.ceil(rows / (software ? 64 : 512)));
  return Math.ceil(rows / depth);
};

/** Partial sums that the gradient [p, q] of a weight makes over r rows (kernels/linear/mat-mul-plan.ts). */
function slicesOf(p: number, q: number, r: number, software: boolean): number {
  const tiles = (height: number, width: number) => Math.ceil(p / height) * Math.ceil(q / width);
  const aligned = p % 4 === 0 && q % 4 === 0;
  const large = p * q * r >= 2 ** 22;
  const onSoftware = () => (aligned ? (large ? tiles(32, 64) : tiles(16, 16)) : tiles(4, 4));
  const onGpu = () => (tiles(128, 128) >= 16 ? tiles(128, 128) : tiles(64, 64));
  const wanted = Math.ceil((software ? 8 : 192) / (software ? onSoftware() : onGpu()));
  return Math.ceil(r / (16 * Math.ceil(Math.max(64, r / wanted) / 16)));
}

type Layer = Record<'qkv' | 'context' | 'statistics' | 'y' | 's' | 'u' | 's2', Piece>;

export function walkStepOnWebGpu(ledger: Ledger, sizes: EncoderSizes, shape: StepShape, software: boolean): void {
  const { take, give } = ledger;
  const { hidden: H, intermediate: F, heads, layers, tables } = sizes;
  const { rows, size, tokens: T, drop, recompute, halves } = shape;

  const operations = operationsOn(ledger);
  const { begin, end } = operations;
  const passing = (floats: number) => give(take(floats));
  /** Of so many numbers a token. */
  const state = (width: number) => take((halves ? 0.5 : 1) * T * width);

  function forward(): { out: Piece; kept: Layer } {
    const qkv = state(3 * H);
    const context = state(H);
    const running = halves ? [take(T * H)] : []; // attention's sums
    const statistics = take(2 * (T * heads + 1));
    give(...running);
    const output = state(H);
    const [y, s] = [state(H), state(H)];
    const [u, g] = [state(F), state(F)];
    const narrowed = state(H);
    give(g);
    const [out, s2] = [state(H), state(H)];
    give(output, narrowed);
    return { out, kept: { qkv, context, statistics, y, s, u, s2 } };
  }

  const weightGradient = (p: number, q: number) => {
    const slices = slicesOf(p, q, T, software);
    if (slices === 1) return; // it is added in place
    const partials = [take(slices * p * q), take(slices * p)];
    give(...partials);
  };

  /** Gradients of the sum and, where it differs, of the block's output. */
  function normGradient(): { ds: Piece; dx: Piece | null } {
    const ds = state(H);
    const dx = drop ? state(H) : null;
    passing(2 * normSums(T, software) * H);
    return { ds, dx };
  }

  function backward(kept: Layer, given: { dy: Piece | null; x: Piece | null }): Piece {
    begin();
    const second = normGradient();
    end(given.dy, kept.s2);
    begin();
    const du = state(F);
    weightGradient(H, F);
    weightGradient(F, H);
    end(second.dx, du, kept.u, kept.y); // the input's gradient is added to second.ds
    begin();
    const first = normGradient();
    end(second.ds, kept.s);
    begin();
    weightGradient(H, H);
    const dContext = state(H);
    end(first.dx);
    begin();
    const dqkv = state(3 * H);
    if (halves) passing(3 * T * H);
    end(dContext, kept.qkv, kept.context, kept.statistics);
    begin();
    weightGradient(3 * H, H);
    end(dqkv, given.x);
    return first.ds; // and the layer's to first.ds
  }

  /** Pooling, normalisation, the objective, and their gradients. */
  function objective(out: Piece): Piece {
    const pooled = take(rows * H);
    const lengths = shape.normalize ? take(rows * H) : null;
    const parts = Array.from({ length: rows / size }, () => take(size * H));
    const candidates = rows - size;
    const joined = shape.comparison === 'ranking' && candidates > size ? take(candidates * H) : null;
    const matrices =
      shape.comparison === 'ranking'
        ? [take(size * candidates), take(rows), take(size)]
        : Array.from({ length: shape.comparison === 'matrix' ? 6 : 0 }, () => take(size * size));
    give(out);
    if (lengths) give(lengths);
    if (joined) give(...parts.slice(1));
    const slopes = take(shape.comparison === 'ranking' ? size * candidates : size);
    const sides = [take(size * H), take(candidates * H)];
    end(slopes, ...matrices, joined, ...(joined ? parts.slice(0, 1) : parts));
    begin();
    if (joined) {
      const split = parts.slice(1).map(() => take(size * H));
      give(sides.pop()!);
      sides.push(...split);
    }
    const whole = take(rows * H);
    end(...sides);
    begin();
    const ofPooled = lengths ? take(rows * H) : whole;
    end(lengths && whole, pooled);
    begin();
    const dy = state(H);
    end(ofPooled);
    return dy;
  }

  const dy = walkLayers(ledger, operations, { layers, recompute }, state(H), { forward, objective, backward });

  begin();
  const ds = take((T + 2 * normSums(T, software)) * H);
  for (let i = 0; i < tables; i++) passing(2 * Math.ceil(T / Math.max(8, Math.ceil(T / 256))) * H);
  give(ds, dy);
}
