/** The device, the model on it, and the run in progress: all that needs tfjs, behind one door. */
import type { ModelJudgement, ModelSummary, Trial } from '../contract/calls.ts';
import type { RunConfig } from '../contract/catalogue.ts';
import { requireConfig } from '../contract/config.ts';
import type { DataPlan } from '../contract/data.ts';
import type { MetricGroup } from '../contract/metrics.ts';
import { fail, ProblemError, problemOf } from '../contract/problems.ts';
import type { BackendInfo, BackendName, Prediction, RunEvent } from '../contract/run.ts';
import type { TrainingExamples } from '../data/example-columns.ts';
import { createTokenCache, type Encode } from '../data/token-cache.ts';
import { chunkRows, type TokenStore } from '../data/token-store.ts';
import { type Evaluation, evaluate } from '../evaluation/evaluate.ts';
import { type JudgedTexts, listPredictions } from '../evaluation/predictions.ts';
import { writePredictionsCsv } from '../evaluation/predictions-csv.ts';
import { type EvaluationRecord, writeResultsCsv } from '../evaluation/results-csv.ts';
import { loadModel } from '../files/load-model.ts';
import type { ModelFiles } from '../files/model-files.ts';
import { type StartedBackend, startBackend } from '../kernels/backend.ts';
import type { WasmBuilds } from '../kernels/wasm/wasm-backend.ts';
import { maxTokens } from '../model/config.ts';
import { sizesOf } from '../model/model.ts';
import { disposeParameters } from '../model/parameters.ts';
import { requireDevice } from '../training/device.ts';
import { planTraining } from '../training/plan.ts';
import { train } from '../training/train.ts';
import { type ActiveModel, activate, exportActive, limitsOf, prepareForRun } from './active-model.ts';
import type { PreparedData } from './datasets.ts';
import { evaluationDataOf } from './evaluation-data.ts';
import { judgeModel } from './judge.ts';
import { measureLengths } from './lengths.ts';
import { recordRun } from './record.ts';
import { createSteering, type Steering } from './steering.ts';
import { tokenizeExamples } from './tokenize.ts';
import { tryPair } from './trial.ts';

/** The evaluations of the last run, and what the latest of them said of each pair. */
type Judged = { records: EvaluationRecord[]; texts: JudgedTexts; latest: Evaluation | null };

export function createEngine(emit: (event: RunEvent) => void) {
  let backend: StartedBackend | null = null;
  let active: ActiveModel | null = null;
  let run: Steering | null = null;
  let judged: Judged | null = null;
  let lastStep = 0;
  let lastBatchSize = 0;
  /** The device, as long as it works. */
  const device = () => {
    const started = backend ?? fail('unexpected', { reason: 'the engine was not started' });
    requireDevice(started.fault, lastStep, lastBatchSize);
    return started;
  };
  const current = () => active ?? fail('no-model', {});
  let tokens: { key: string; encode: Encode } | null = null;

  /** Token rows of texts; kept for as long as model and length stay the same. */
  function encoderOf({ loaded }: ActiveModel, maxLength: number): Encode {
    const key = `${loaded.name} ${maxLength}`;
    if (tokens?.key !== key) tokens = { key, encode: createTokenCache(loaded.tokenizer, maxLength) };
    return tokens.encode;
  }

  /** Token rows of training examples, for as long as they, model and length stay the same. */
  const kept = new WeakMap<TrainingExamples, { rows: TokenStore; key: unknown[] }>();

  /** Null where it was stopped. Of much data it tells how far it is. */
  async function tokenize(
    { loaded }: ActiveModel,
    examples: TrainingExamples,
    { objective, maxLength }: RunConfig,
    { runId, stop }: { runId: string; stop: AbortSignal },
  ): Promise<TokenStore | null> {
    const packed = objective === 'cross-encoder';
    const key = [loaded.tokenizer, maxLength, packed];
    const found = kept.get(examples);
    if (found?.key.every((part, i) => part === key[i])) return found.rows;
    kept.delete(examples);
    const onProgress = (done: number, total: number) => {
      if (total > chunkRows) emit({ runId, step: 0, type: 'tokenizing', done, total });
    };
    const rows = await tokenizeExamples(loaded, examples, { maxLength, packed, onProgress, stop });
    if (rows) kept.set(examples, { rows, key });
    return rows;
  }

  const evaluations = () => judged ?? fail('no-evaluation', {});
  const listed = () => {
    const { latest, texts } = evaluations();
    return latest ? listPredictions(texts, latest) : [];
  };

  return {
    async start(wanted: BackendName | null, builds: WasmBuilds): Promise<BackendInfo> {
      backend ??= (await startBackend(wanted, builds)) ?? fail('webgpu-missing', {});
      const { name, adapter, software, reason, threads } = backend;
      return { name, adapter, software, reason, threads };
    },

    load(files: ModelFiles, name: string): ModelSummary {
      if (run) fail('run-active', {});
      device();
      const loaded = loadModel(files, name);
      if (active) disposeParameters(active.model.parameters);
      active = activate(loaded);
      tokens = null;
      judged = null;
      const { config, tensors, pooling, normalize, maxLength, head } = loaded;
      return {
        name,
        parameters: [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0),
        layers: config.num_hidden_layers,
        hidden: config.hidden_size,
        heads: config.num_attention_heads,
        vocabulary: config.vocab_size,
        maxPositions: maxTokens(config),
        sizes: sizesOf(active.model),
        pooling,
        normalize: normalize === null ? null : normalize ? 'yes' : 'no',
        maxLength,
        labels: head && (head.labels.length === 1 ? [] : head.labels),
      };
    },

    /** The steps of a run on the data, and the lengths of its sentences in tokens (none without a model). */
    plan({ examples, plan }: PreparedData, config: RunConfig): DataPlan {
      const { stepsPerEpoch, totalSteps } = planTraining(examples, config, false);
      return {
        ...plan,
        stepsPerEpoch,
        totalSteps,
        lengths: measureLengths(examples, active?.loaded.tokenizer ?? null, config),
      };
    },

    /** Trains until the run has ended; its failure is an event, too. */
    async run(runId: string, config: RunConfig, data: PreparedData): Promise<void> {
      if (run) fail('run-active', {});
      if (data.plan.blocked) throw new ProblemError(data.plan.blocked);
      const target = current();
      requireConfig(config, limitsOf(target.loaded));
      const { fault, name } = device();
      const state = createSteering(emit);
      run = state;
      lastStep = 0;
      lastBatchSize = config.batchSize;
      try {
        const rows = await tokenize(target, data.examples, config, { runId, stop: state.stopped });
        if (!rows) return emit({ runId, step: 0, type: 'cancelled' });
        prepareForRun(target, config, data.classes);
        const { model } = target;
        const encode = encoderOf(target, config.maxLength);
        const evaluation = evaluationDataOf(data.evaluation, data.classes, encode);
        const found: Judged = { records: [], texts: { ...data.evaluation, classes: data.classes }, latest: null };
        judged = found;
        const events = train({
          runId,
          model,
          config,
          examples: data.examples,
          rows,
          evaluate: async () => {
            found.latest = await evaluate(model, evaluation, config);
            return found.latest.report;
          },
          evaluationPairs: data.plan.evaluationPairs,
          stop: state.stopped,
          fault,
        });
        let epoch = 0;
        await state.follow(events, (event) => {
          lastStep = event.step;
          if (event.type === 'step') epoch = event.epoch;
          if (event.type === 'evaluation') found.records.push({ epoch, step: event.step, report: event.report });
          if (event.type === 'finished') {
            target.record = recordRun(event, config, name, data);
          }
        });
      } catch (error) {
        emit({ runId, step: lastStep, type: 'failed', problem: problemOf(error) });
      } finally {
        run = null;
      }
    },

    pause: () => run?.pause(),
    resume: () => run?.resume(),
    stop: () => run?.stop(),

    /** Judges a model, as its files have it, on the evaluation data; the active one is not touched. */
    async judge(files: ModelFiles, name: string, data: PreparedData, config: RunConfig): Promise<ModelJudgement> {
      if (run) fail('run-active', {});
      device();
      return judgeModel(loadModel(files, name), data, config);
    },

    /** What the model, as it was loaded and as it is now, makes of two sentences. */
    async tryPair(texts: readonly [string, string], config: RunConfig): Promise<Trial> {
      const target = current();
      device();
      requireConfig(config, limitsOf(target.loaded));
      return tryPair(target, texts, config, encoderOf(target, config.maxLength));
    },

    export: () => {
      device();
      return exportActive(current());
    },

    resultsCsv: (group: MetricGroup): string => writeResultsCsv(group, evaluations().records),
    predictions: (limit: number): Prediction[] => listed().slice(0, limit),
    predictionsCsv: (): string => writePredictionsCsv(listed()),
  };
}

export type Engine = ReturnType<typeof createEngine>;
