/** The evaluation that suits a run: of embeddings, of the softmax objective's classifier beside them, or of a cross-encoder. */
import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../contract/catalogue.ts';
import type { EvaluationReport } from '../contract/run.ts';
import { createBreather } from '../data/next-task.ts';
import { packBatch, type TokenRow } from '../data/token-batch.ts';
import { classifyBatch, classifyEmbeddings } from '../model/classifier.ts';
import type { Model } from '../model/model.ts';
import { uploadTokens } from '../model/packed-tokens.ts';
import { reportClasses } from './class-report.ts';
import { evaluateEmbeddings, type JudgedPairs } from './evaluate-embeddings.ts';
import { reportScores } from './score-report.ts';

export type EvaluationData = JudgedPairs & {
  /** Every pair packed into one row, as a cross-encoder reads it. */
  packed: () => TokenRow[];
  /** Class number of each listed pair, and the classes' names; null where rows are not labelled. */
  labels: Int32Array | null;
  classes: readonly string[] | null;
};

/** A report, and what the model said of each pair: a similarity or score each, or `[pairs · classes]` probabilities. */
export type Evaluation = {
  report: EvaluationReport;
  values: ArrayLike<number>;
  kind: 'scores' | 'probabilities';
  /** Of the pairs' texts, `[pairs · hidden]` each; null of a cross-encoder. */
  embeddings: { first: Float32Array; second: Float32Array } | null;
};

type Options = Pick<RunConfig, 'objective' | 'pooling' | 'normalize' | 'metric'>;

const batchSize = 32;
const rowsAtOnce = 1024;

/** Judges the model; a cross-encoder's head, or the softmax objective's, is among its parameters. */
export async function evaluate(model: Model, data: EvaluationData, options: Options): Promise<Evaluation> {
  const { labels, classes } = data;
  const { objective, pooling, normalize, metric } = options;
  if (objective === 'cross-encoder') {
    const rows = data.packed();
    if (classes) {
      if (!labels && rows.length > 0) throw new Error('a classifier is judged on labelled pairs');
      const values = await predict(model, rows, (logits) => tf.softmax(logits));
      return {
        report: reportClasses(values, labels ?? new Int32Array(), [...classes], metric),
        values,
        kind: 'probabilities',
        embeddings: null,
      };
    }
    const values = await predict(model, rows, (logits) => tf.sigmoid(logits));
    return { report: reportScores(values, data.gold, metric), values, kind: 'scores', embeddings: null };
  }
  const judged = await evaluateEmbeddings(model, data, { pooling, normalize: normalize === 'yes', metric });
  const embeddings = { first: judged.firstRows, second: judged.secondRows };
  if (objective !== 'softmax' || !labels || !classes) {
    return { report: judged.report, values: judged.cosines, kind: 'scores', embeddings };
  }
  const values = await classifyRows(model, judged.firstRows, judged.secondRows);
  const classified = reportClasses(values, labels, [...classes], metric);
  const chosen = metric !== 'auto' && judged.report.metrics[metric] !== undefined;
  const report: EvaluationReport = {
    ...judged.report,
    primary: chosen ? metric : classified.primary,
    metrics: { ...judged.report.metrics, ...classified.metrics },
    confusion: classified.confusion,
  };
  return { report, values, kind: 'probabilities', embeddings };
}

/** What a cross-encoder says of packed rows, `[rows · outputs]`, in batches of like length. */
export async function predict(
  model: Model,
  rows: readonly TokenRow[],
  activate: (logits: tf.Tensor2D) => tf.Tensor2D,
): Promise<Float32Array> {
  const outputs = model.parameters.get('classifier.bias')!.size;
  const order = rows.map((_, i) => i).sort((a, b) => rows[a]!.ids.length - rows[b]!.ids.length);
  const all = new Float32Array(rows.length * outputs);
  const breathe = createBreather();
  for (let start = 0; start < order.length; start += batchSize) {
    const chosen = order.slice(start, start + batchSize);
    const batch = packBatch(chosen.map((row) => rows[row]!));
    const said = tf.tidy(() => activate(classifyBatch(model, uploadTokens(batch, model.config), null)));
    const values = await said.data();
    said.dispose();
    for (const [k, row] of chosen.entries()) all.set(values.subarray(k * outputs, (k + 1) * outputs), row * outputs);
    await breathe();
  }
  return all;
}

/** Label probabilities `[pairs · classes]` by the softmax objective's head, from embeddings `[pairs · hidden]` each. */
export async function classifyRows(model: Model, first: Float32Array, second: Float32Array): Promise<Float32Array> {
  const hidden = model.config.hidden_size;
  const classes = model.parameters.get('classifier.bias')!.size;
  const pairs = first.length / hidden;
  const all = new Float32Array(pairs * classes);
  for (let start = 0; start < pairs; start += rowsAtOnce) {
    const end = Math.min(pairs, start + rowsAtOnce);
    const said = tf.tidy(() => {
      const part = (x: Float32Array) => tf.tensor2d(x.subarray(start * hidden, end * hidden), [end - start, hidden]);
      return tf.softmax(classifyEmbeddings(model, part(first), part(second)));
    });
    all.set(await said.data(), start * classes);
    said.dispose();
  }
  return all;
}
