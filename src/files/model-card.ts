/** The README.md of an exported model: what it is, how to use it, how well it does. */
import type { RunConfig } from '../contract/catalogue.ts';
import type { EvaluationReport } from '../contract/run.ts';

/** What is kept of the run whose weights are exported; run.json holds it whole. */
export type RunRecord = {
  config: RunConfig;
  backend: string;
  data: {
    trainFile: string;
    trainExamples: number;
    evaluationFile: string | null;
    evaluationPairs: number;
    leftOut: number;
  };
  steps: number;
  seconds: number;
  before: EvaluationReport;
  after: EvaluationReport;
  best: { step: number; value: number } | null;
};

const figure = (value: number | null) => (value === null ? '–' : value.toFixed(4));

const rows: [keyof EvaluationReport['metrics'], string][] = [
  ['eval/spearman_cosine', 'Spearman (cosine)'],
  ['eval/pearson_cosine', 'Pearson (cosine)'],
  ['eval/positive_mean', 'Mean cosine of positive pairs'],
  ['eval/negative_mean', 'Mean cosine of negative pairs'],
];

function describeRun({ config, data, steps, before, after }: RunRecord): string {
  return `## Training

Fine-tuned in the browser with Embedsmith: objective \`${config.objective}\`, ${data.trainExamples} examples, ${steps} steps,
batch size ${config.batchSize}, peak learning rate ${config.learningRate}, dropout ${config.dropout}, seed ${config.seed}. \`run.json\` has the whole configuration.

## Evaluation

On ${data.evaluationPairs} pairs:

| | before | after |
|---|---:|---:|
${rows.map(([name, label]) => `| ${label} | ${figure(before.metrics[name])} | ${figure(after.metrics[name])} |`).join('\n')}
`;
}

/**
 * @param name the model's name
 * @param base what it was fine-tuned from
 * @param run null where the weights are as they were loaded
 */
export function writeModelCard(
  name: string,
  base: string,
  hidden: number,
  maxLength: number,
  run: RunRecord | null,
): string {
  return `---
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags:
  - sentence-transformers
  - sentence-similarity
  - feature-extraction
  - embedsmith
---

# ${name}

A sentence encoder fine-tuned from ${base}: it maps sentences of up to ${maxLength} tokens to normalised vectors of ${hidden} dimensions.

## Use

\`\`\`python
from sentence_transformers import SentenceTransformer

model = SentenceTransformer("path/to/this/folder")
embeddings = model.encode(["first sentence", "second sentence"])
print(model.similarity(embeddings, embeddings))
\`\`\`

${run ? describeRun(run) : ''}`;
}
