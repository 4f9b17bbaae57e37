/** Training examples as lists of objects, which read better in tests than columns. */
import { createExampleColumns, type TrainingExamples, textsOf } from '../../src/data/example-columns.ts';

export type ListedExample = { texts: readonly string[]; target: number };

/** Columns of examples; one with fewer texts than the longest has its first again and again. */
export function columnsOf(examples: readonly ListedExample[]): TrainingExamples {
  const width = examples.reduce((most, { texts }) => Math.max(most, texts.length), 0);
  const columns = createExampleColumns(width);
  for (const { texts, target } of examples) {
    columns.add([...texts, ...Array<string>(width - texts.length).fill(texts[0]!)], target);
  }
  return columns.finish();
}

export const listExamples = (examples: TrainingExamples): ListedExample[] =>
  Array.from(examples.targets, (target, i) => ({ texts: textsOf(examples, i), target }));
