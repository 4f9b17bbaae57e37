/**
 * What a training step on WASM holds at the most beside weights and the optimiser's memory, found by going through its
 * operations in order (model/encoder.ts, kernels/linear, attention, lean-backward.ts).
 * T tokens, H hidden, F intermediate; attention is padded: P = rows · longest · H, S = rows · heads · longest².
 */
import type { EncoderSizes, StepShape } from './memory.ts';
import type { Ledger, Piece } from './memory-ledger.ts';

type Layer = Record<'q' | 'k' | 'v' | 'p' | 'context' | 'y' | 's' | 'u' | 'g' | 's2', Piece> & {
  dropped: Piece | null;
};

/** @param embeddings floats of the tables' gradients; 0 where they are frozen */
export function walkStepOnWasm(ledger: Ledger, sizes: EncoderSizes, shape: StepShape, embeddings: number): void {
  const { take, give } = ledger;
  const { hidden: H, intermediate: F, heads, layers } = sizes;
  const { rows, size, tokens: T, longest, drop, recompute } = shape;
  const [P, S] = [rows * longest * H, rows * heads * longest * longest];

  /** What the operation before has no need of any more goes when the next one begins. */
  let done: Piece[] = [];
  const begin = () => give(...done.splice(0));
  const end = (...pieces: (Piece | null)[]) => {
    done = pieces.filter((piece) => piece !== null);
  };

  /** y = x · Wᵀ + b, whose weight is transposed on the way. */
  const linear = (inputs: number, outputs: number): Piece => {
    const transposed = take(inputs * outputs);
    const y = take(T * outputs);
    give(transposed);
    return y;
  };

  function forward(): { out: Piece; kept: Layer } {
    const projections = [0, 1, 2].map(() => linear(H, H));
    const [q, k, v] = [take(P), take(P), take(P)];
    const scores = take(S);
    const p = take(S);
    const dropped = drop ? take(S) : null;
    const product = take(P);
    const context = take(T * H);
    const output = linear(H, H);
    const [y, s] = [take(T * H), take(T * H)];
    const u = linear(H, F);
    const g = take(T * F);
    const narrowed = linear(F, H);
    const [out, s2] = [take(T * H), take(T * H)];
    give(...projections, scores, product, output, narrowed);
    return { out, kept: { q, k, v, p, dropped, context, y, s, u, g, s2 } };
  }

  /** The gradients of weight and bias stay. */
  function linearGradient(inputs: number, outputs: number): { dx: Piece; transposed: Piece } {
    const transposed = take(T * outputs);
    take(outputs);
    const dx = take(T * inputs);
    take(inputs * outputs);
    return { dx, transposed };
  }

  const normGradient = () => {
    take(2 * H);
    return { ds: take(T * H), dx: drop ? take(T * H) : null };
  };

  const addTo = (gradient: Piece): Piece => {
    const sum = take(T * H);
    give(gradient);
    return sum;
  };

  /** @param given what goes with the first and the last operation: the gradient that came, and the layer's input */
  function backward(kept: Layer, given: { dy: Piece | null; x: Piece | null }): Piece {
    begin();
    const second = normGradient();
    end(given.dy, kept.s2);
    begin();
    const narrowed = linearGradient(F, H);
    end(second.dx, narrowed.transposed, kept.g);
    begin();
    const du = take(T * F);
    end(narrowed.dx, kept.u);
    begin();
    const widened = linearGradient(H, F);
    const sum = addTo(second.ds);
    end(du, widened.transposed, widened.dx, kept.y);
    begin();
    const first = normGradient();
    end(sum, kept.s);
    begin();
    const output = linearGradient(H, H);
    end(first.dx, output.transposed, kept.context);
    begin();
    const dProduct = take(P);
    end(output.dx);
    begin();
    const [vT, dp, pT, dv] = [take(P), take(S), take(S), take(P)];
    end(dProduct, vT, pT, kept.v, kept.dropped ?? kept.p);
    begin();
    const dScores = take(S);
    end(dp, kept.dropped ? kept.p : null);
    begin();
    const [k, dq, qT, dk] = [take(P), take(P), take(P), take(P)];
    end(dScores, k, qT, kept.q, kept.k);
    // The heads are put together again, value last split and so first here, before the projections.
    let dx = first.ds;
    const merged = [dv, dk, dq].map((split) => {
      begin();
      const whole = take(T * H);
      end(split);
      return whole;
    });
    for (const dy of merged) {
      begin();
      const projection = linearGradient(H, H);
      dx = addTo(dx);
      end(dy, projection.transposed, projection.dx);
    }
    if (given.x) done.push(given.x);
    return dx;
  }

  const states = [take(T * H)];
  const kept: (Layer | null)[] = [];
  for (let i = 0; i < layers; i++) {
    const made = forward();
    states.push(made.out);
    if (recompute) give(...Object.values(made.kept).filter((piece) => piece !== null));
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
