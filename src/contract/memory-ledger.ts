/** Books of what is held in memory while the steps of a computation are gone through, for its prediction. */

/** A tensor's memory, of so many bytes. */
export type Piece = { bytes: number };

export type Ledger = {
  take: (floats: number) => Piece;
  /** Each piece once. */
  give: (...pieces: Piece[]) => void;
  /** What was needed at the most so far. */
  readonly bytes: number;
};

/** Memory that is given back at once: what counts is the most that was held at a time. */
export function plainLedger(): Ledger {
  let held = 0;
  let most = 0;
  return {
    take(floats) {
      held += 4 * floats;
      most = Math.max(most, held);
      return { bytes: 4 * floats };
    },
    give(...pieces) {
      for (const { bytes } of pieces) held -= bytes;
    },
    get bytes() {
      return most;
    },
  };
}

/** As in kernels/recording/buffer-pool.ts: eight sizes an octave. */
function sizeClass(bytes: number): number {
  if (bytes <= 256) return 256;
  const step = 2 ** (Math.floor(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / step) * step;
}

/** Memory of the pool of kernels/recording/buffer-pool.ts: buffers are used again, for what is about their size, and never given back. */
export function pooledLedger(): Ledger {
  const free: Piece[] = [];
  let all = 0;
  return {
    take(floats) {
      const bytes = Math.max(4, 4 * floats);
      const limit = Math.max(4096, 1.5 * bytes);
      const fitting = free.filter((each) => each.bytes >= bytes && each.bytes <= limit);
      if (fitting.length > 0) {
        const best = fitting.reduce((least, each) => (each.bytes < least.bytes ? each : least));
        free.splice(free.indexOf(best), 1);
        return best;
      }
      const made = { bytes: sizeClass(bytes) };
      all += made.bytes;
      return made;
    },
    give(...pieces) {
      free.push(...pieces);
    },
    get bytes() {
      return all;
    },
  };
}
