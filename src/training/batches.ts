/** Training examples to the token batches of a step. */
import type { RunConfig } from '../contract/catalogue.ts';
import type { BatchSizes } from '../contract/memory.ts';
import type { TrainingExamples } from '../data/example-columns.ts';
import { packBatch } from '../data/token-batch.ts';
import type { TokenStore } from '../data/token-store.ts';
import { objectives } from '../losses/index.ts';
import type { StepBatch } from './gradients.ts';

/**
 * All texts of the first position, then all of the second …; for a cross-encoder one packed row a pair.
 * @param chosen numbers of the examples
 * @param rows by the text's number; for a cross-encoder by the example's
 */
export function collate(
  { width, numbers, targets: all }: TrainingExamples,
  chosen: Int32Array,
  objective: RunConfig['objective'],
  rows: TokenStore,
): StepBatch {
  const size = chosen.length;
  const targets = Float32Array.from(chosen, (example) => all[example]!);
  const rowsAt = (position: number) => Array.from(chosen, (example) => rows.row(numbers[example * width + position]!));
  if (objective === 'cross-encoder') return { tokens: packBatch(Array.from(chosen, rows.row)), size, targets };
  const positions = objectives[objective].inputs(Array.from({ length: width }, (_, position) => position));
  return { tokens: packBatch(positions.flatMap(rowsAt)), size, targets };
}

/** A batch as far as memory cares. */
export function sizesOfBatch({ tokens: { rows, tokens, starts }, size }: StepBatch): BatchSizes {
  let longest = 0;
  for (let row = 0; row < rows; row++) longest = Math.max(longest, starts[row + 1]! - starts[row]!);
  return { size, positions: rows / size, tokens, longest };
}
