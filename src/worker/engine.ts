/** The device, the model on it, and the run in progress: all that needs tfjs, behind one door. */
import type { ModelJudgement, ModelSummary } from '../contract/calls.ts';
import type { RunConfig } from '../contract/catalogue.ts';
import { requireConfig } from '../contract/config.ts';
import type { DataPlan } from '../contract/data.ts';
import type { MetricGroup } from '../contract/metrics.ts';
import { fail, ProblemError, problemOf } from '../contract/problems.ts';
import type { BackendInfo, BackendName, Prediction, RunEvent } from '../contract/run.ts';
import type { TrialProgress } from '../contract/trials.ts';
import { listPredictions } from '../evaluation/predictions.ts';
import { writePredictionsCsv } from '../evaluation/predictions-csv.ts';
import { type EvaluationRecord, writeResultsCsv } from '../evaluation/results-csv.ts';
import { loadModel } from '../files/load-model.ts';
import type { ModelFiles } from '../files/model-files.ts';
import { type StartedBackend, startBackend } from '../kernels/backend.ts';
import type { TileStorage } from '../kernels/linear/tuner.ts';
import type { WasmBuilds } from '../kernels/wasm/wasm-backend.ts';
import { maxTokens } from '../model/config.ts';
import { sizesOf } from '../model/model.ts';
import { disposeParameters, type HostTensor } from '../model/parameters.ts';
import { requireDevice } from '../training/device.ts';
import { planTraining } from '../training/plan.ts';
import { type ActiveModel, activate, exportActive, limitsOf, putBack, takeApart } from './active-model.ts';
import type { PreparedData } from './datasets.ts';
import { followRun, type Judged, type Keeping } from './follow-run.ts';
import { judgeAgain, judgeModel } from './judge.ts';
import { measureLengths } from './lengths.ts';
import { createSteering, type Steering } from './steering.ts';
import { createTokenCaches } from './token-caches.ts';
import type { Subject } from './try/subject.ts';
import { createTrials } from './try/trials.ts';

/** Whom the engine tells, besides a run's events: how far what Try asked is; and what remembers what was measured of a GPU. */
type Around = { onProgress?: (progress: TrialProgress) => void; tiles?: TileStorage };

export function createEngine(
  emit: (event: RunEvent) => void,
  { onProgress = () => {}, tiles = new Map() }: Around = {},
) {
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
  const tokens = createTokenCaches(emit);

  /** The model as Try asks it: with the settings of its run, before any run with those of the page. */
  const lookUp = (config: RunConfig): Subject => {
    const target = current();
    requireConfig(config, limitsOf(target.loaded));
    const { pooling, maxLength } = target.record || run ? target : config;
    return {
      target,
      trained: lastStep > 0 || target.record !== null,
      weights: [target.model, target.record, lastStep],
      pooling,
      maxLength,
    };
  };

  const trials = createTrials({
    lookUp,
    subjectOf: (config) => {
      device();
      if (run && !run.isResting()) fail('run-busy', {});
      return lookUp(config);
    },
    log: () => judged?.frames ?? null,
    step: () => lastStep,
    onProgress: (done, total) => onProgress({ done, total }),
  });

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
      tokens.clear();
      judged = null;
      lastStep = 0;
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

    /**
     * Trains until the run has ended; its failure is an event, too.
     * @returns the step whose weights the model has then; null where it failed or was cancelled
     */
    async run(
      runId: string,
      config: RunConfig,
      data: PreparedData,
      keeping: Keeping = { store: null, resume: false, before: async () => {} },
    ): Promise<number | null> {
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
        const rows = await tokens.ofExamples(target, data.examples, config, { runId, stop: state.stopped });
        if (!rows) {
          emit({ runId, step: 0, type: 'cancelled' });
          return null;
        }
        return await followRun({
          runId,
          target,
          config,
          data,
          rows,
          encode: tokens.encoder(target, config.maxLength),
          device: { fault, name },
          steering: state,
          keeping,
          onBegin: (found) => {
            judged = found;
          },
          onEvent: ({ step }) => {
            lastStep = step;
          },
          tiles,
        });
      } catch (error) {
        emit({ runId, step: lastStep, type: 'failed', problem: problemOf(error) });
        return null;
      } finally {
        run = null;
      }
    },

    pause: () => run?.pause(),
    resume: () => run?.resume(),
    stop: (keep: 'best' | 'last' | null = null) => run?.stop(keep),

    /** Judges a model, as its files have it, on the evaluation data; the active one is not touched. */
    async judge(files: ModelFiles, name: string, data: PreparedData, config: RunConfig): Promise<ModelJudgement> {
      if (run) fail('run-active', {});
      device();
      return judgeModel(loadModel(files, name), data, config);
    },

    trials,

    export: () => {
      device();
      return exportActive(current());
    },

    /** The model's name and the device's. */
    facts: () => ({ model: current().loaded.name, backend: device().name }),

    /** The model's weights, and how it is used: what {@link reopen} needs to put it back. */
    weights: async () => takeApart(current()),

    /** Gives the model the weights that an earlier run left behind, and judges their pairs. The data must be that run's. */
    async reopen(
      tensors: ReadonlyMap<string, HostTensor>,
      state: unknown,
      {
        config,
        data,
        records,
        step,
      }: { config: RunConfig; data: PreparedData; records: EvaluationRecord[]; step: number },
    ): Promise<void> {
      if (run) fail('run-active', {});
      device();
      const target = current();
      putBack(target, tensors, state);
      lastStep = step;
      judged = await judgeAgain(target, data, config, records, tokens.encoder(target, config.maxLength));
    },

    resultsCsv: (group: MetricGroup): string => writeResultsCsv(group, evaluations().records),
    predictions: (limit: number): Prediction[] => listed().slice(0, limit),
    predictionsCsv: (): string => writePredictionsCsv(listed()),
  };
}

export type Engine = ReturnType<typeof createEngine>;
