/** A model judged outside a run: as it comes, which is how people choose a base model, and as a run left it behind. */
import type { ModelJudgement } from '../contract/calls.ts';
import { defaultsFor, type RunConfig } from '../contract/catalogue.ts';
import { createTokenCache, type Encode } from '../data/token-cache.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import type { EvaluationRecord } from '../evaluation/results-csv.ts';
import type { LoadedModel } from '../files/load-model.ts';
import { maxTokens } from '../model/config.ts';
import { disposeParameters } from '../model/parameters.ts';
import { type ActiveModel, headOfFiles, putOnDevice, settingsOf } from './active-model.ts';
import type { PreparedData } from './datasets.ts';
import { evaluationDataOf } from './evaluation-data.ts';
import type { Judged } from './follow-run.ts';
import { createFrameLog } from './map/frames.ts';
import { samplePairs } from './try/samples.ts';

/** Evaluates with the pooling and normalisation that the files state. The model is on the device for as long as that takes. */
export async function judgeModel(
  loaded: LoadedModel,
  data: PreparedData,
  { maxLength, metric }: Pick<RunConfig, 'maxLength' | 'metric'>,
): Promise<ModelJudgement> {
  const model = putOnDevice(loaded);
  try {
    const encode = createTokenCache(loaded.tokenizer, Math.min(maxLength, maxTokens(loaded.config)));
    const head = headOfFiles(loaded);
    // A classifier can be judged by its labels where the data has the same; a model is an encoder else.
    const knows = head?.kind === 'classes' && head.labels.join('\n') === data.classes?.join('\n');
    const classes = knows && data.evaluation.labels ? data.classes : null;
    const objective = head?.kind === 'score' || classes ? 'cross-encoder' : 'mnrl';
    const evaluation = evaluationDataOf(data.evaluation, classes, encode);
    const { pooling, normalize } = settingsOf(loaded);
    const start = performance.now();
    const { report } = await evaluate(model, evaluation, { ...defaultsFor(objective), metric, pooling, normalize });
    const seconds = (performance.now() - start) / 1000;
    const sentences = new Set([...evaluation.first, ...evaluation.second]).size;
    const parameters = [...loaded.tensors.values()].reduce((sum, tensor) => sum + tensor.data.length, 0);
    return { name: loaded.name, parameters, report, seconds, sentencesPerSecond: sentences / seconds };
  } finally {
    disposeParameters(model.parameters);
  }
}

/** What a run's weights say of the evaluation's pairs, beside the evaluations that were written down while it trained. */
export async function judgeAgain(
  { model }: ActiveModel,
  data: PreparedData,
  config: RunConfig,
  records: EvaluationRecord[],
  encode: Encode,
): Promise<Judged> {
  const { evaluation, classes } = data;
  return {
    records,
    texts: { ...evaluation, classes },
    latest: await evaluate(model, evaluationDataOf(evaluation, classes, encode), config),
    frames: createFrameLog(samplePairs(data, evaluation.listed), model.config.hidden_size),
  };
}
