/** Whole runs on a made-up language, with the golden model's vocabulary. */
import { defaultConfig, type RunConfig } from '../../src/contract/catalogue.ts';
import type { RunEvent } from '../../src/contract/run.ts';
import { createTokenCache } from '../../src/data/token-cache.ts';
import { createTokenStore, cutChunk, tokenizeChunk } from '../../src/data/token-store.ts';
import type { Tokenizer } from '../../src/data/tokenizer.ts';
import { evaluate } from '../../src/evaluation/evaluate.ts';
import type { Model } from '../../src/model/model.ts';
import { type TrainingRun, train } from '../../src/training/train.ts';
import { evaluationDataOf } from '../../src/worker/evaluation-data.ts';
import { columnsOf, type ListedExample } from './examples.ts';

/** A made-up language in which a sentence and its partner share no token: only training can tell that they belong together. */
const sentence = (topic: number, view: 0 | 1) => {
  const first = (view ? 68 : 40) + topic;
  return String.fromCharCode(first, 64, first, 65, ...(topic % 2 ? [66] : []));
};

export const examples = Array.from({ length: 24 }, (_, i) => ({ texts: [sentence(i, 0), sentence(i, 1)], target: 0 }));

/** One token a character, between [CLS] = 1 and [SEP] = 2. */
const tokenizer: Tokenizer = {
  vocabulary: [],
  unknown: 0,
  frame: { before: 0, after: 0 },
  encode: (text, _, partner) => {
    const ids = (part: string) => [...Array.from(part, (c) => c.charCodeAt(0) - 35), 2];
    const [first, second] = [[1, ...ids(text)], partner === undefined ? [] : ids(partner)];
    return {
      ids: Int32Array.of(...first, ...second),
      types: Int32Array.of(...first.map(() => 0), ...second.map(() => 1)),
    };
  },
};

export const config: RunConfig = {
  ...defaultConfig,
  batchSize: 8,
  epochs: 2,
  learningRate: 3e-3,
  evaluateEvery: 2,
  maxLength: 16,
};

type Changes = Partial<Omit<TrainingRun, 'examples'>> & { listed?: ListedExample[]; options?: Partial<RunConfig> };

/** A run on the made-up language, judged by pairs of which half belong together. */
export function createRun(model: Model, { listed = examples, options, ...changes }: Changes = {}): TrainingRun {
  const columns = columnsOf(listed);
  const encode = createTokenCache(tokenizer, 16);
  const used = { ...config, ...options };
  const positives = examples.slice(0, 10).map(({ texts }) => texts);
  const pairs = [...positives, ...positives.map(([first], i) => [first!, examples[i + 5]!.texts[1]!])];
  const evaluation = evaluationDataOf(
    {
      sentence1: pairs.map(([first]) => first!),
      sentence2: pairs.map(([, second]) => second!),
      gold: Float64Array.from(pairs, (_, i) => (i < positives.length ? 1 : 0)),
      kind: 'graded',
      listed: pairs.length,
      negatives: [],
      labels: null,
    },
    null,
    encode,
  );
  return {
    runId: 'test',
    model,
    config: used,
    examples: columns,
    rows: createTokenStore([tokenizeChunk(tokenizer, cutChunk(columns, false, 0), 16)]),
    evaluate: async () => (await evaluate(model, evaluation, used)).report,
    evaluationPairs: pairs.length,
    stop: new AbortController().signal,
    fault: () => null,
    from: null,
    save: null,
    ...changes,
  };
}

/** All events of a run. */
export async function collect(run: TrainingRun): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of train(run)) events.push(event);
  return events;
}

export const lossesOf = (events: RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step' ? [event.metrics['train/loss']] : []));
