/** How a training step's walks (memory-wasm.ts, memory-webgpu.ts) go from operation to operation, and through the layers and back. */
import type { Ledger, Piece } from './memory-ledger.ts';

export type Operations = {
  /** What the operation before has no need of any more goes. */
  begin: () => void;
  end: (...unneeded: (Piece | null)[]) => void;
};

export function operationsOn({ give }: Ledger): Operations {
  let done: Piece[] = [];
  return {
    begin: () => give(...done.splice(0)),
    end: (...unneeded) => {
      done = unneeded.filter((piece) => piece !== null);
    },
  };
}

type Passes<Kept> = {
  forward: () => { out: Piece; kept: Kept };
  /** From the last layer's output to its gradient. */
  objective: (out: Piece) => Piece;
  /**
   * The gradient of the layer's input.
   * @param given what goes with the first and the last operation: the gradient that came, and the layer's input
   */
  backward: (kept: Kept, given: { dy: Piece | null; x: Piece | null }) => Piece;
};

/** Gives the gradient of `input`. Where layers are computed again, only their inputs are kept. */
export function walkLayers<Kept extends Record<string, Piece>>(
  { give }: Ledger,
  { begin, end }: Operations,
  { layers, recompute }: { layers: number; recompute: boolean },
  input: Piece,
  { forward, objective, backward }: Passes<Kept>,
): Piece {
  const inputs: Piece[] = [];
  const kept: (Kept | null)[] = [];
  let out = input;
  for (let i = 0; i < layers; i++) {
    const made = forward();
    inputs.push(out);
    out = made.out;
    if (recompute) give(...Object.values(made.kept));
    kept.push(recompute ? null : made.kept);
  }
  let dy = objective(out);
  for (let i = layers - 1; i >= 0; i--) {
    const x = inputs[i]!;
    const own = kept[i];
    if (own) {
      dy = backward(own, { dy, x });
      continue;
    }
    begin();
    const again = forward();
    const dx = backward(again.kept, { dy: null, x: null });
    begin();
    give(again.out);
    end(dy, x);
    dy = dx;
  }
  return dy;
}
