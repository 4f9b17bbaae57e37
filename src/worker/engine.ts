/** The device, the model on it, and the run in progress: all that needs tfjs, behind one door. */

import type { ModelSummary } from '../contract/calls.ts';
import type { RunConfig } from '../contract/catalogue.ts';
import { requireConfig } from '../contract/config.ts';
import type { DataPlan } from '../contract/data.ts';
import { fail, ProblemError, problemOf } from '../contract/problems.ts';
import type { BackendInfo, BackendName, RunEvent } from '../contract/run.ts';
import { createTokenCache } from '../data/token-batch.ts';
import { embedSentences } from '../evaluation/embed.ts';
import { exportModel } from '../files/export-model.ts';
import { type LoadedModel, loadModel } from '../files/load-model.ts';
import type { RunRecord } from '../files/model-card.ts';
import type { ModelFiles } from '../files/model-files.ts';
import { type StartedBackend, startBackend } from '../kernels/backend.ts';
import type { Model } from '../model/model.ts';
import { createParameters, disposeParameters, readParameters } from '../model/parameters.ts';
import { requireDevice } from '../training/device.ts';
import { planTraining } from '../training/plan.ts';
import { train } from '../training/train.ts';
import type { PreparedData } from './datasets.ts';
import { measureLengths } from './lengths.ts';

/** A loaded model at work. `trained` says that its weights are no longer those of the files. */
type Active = {
  loaded: LoadedModel;
  model: Model;
  maxLength: number;
  pooling: RunConfig['pooling'];
  record: RunRecord | null;
};

type Run = { stop: AbortController; gate: Promise<void>; open: () => void; paused: boolean };

const openGate = { gate: Promise.resolve(), open: () => {}, paused: false };

export function createEngine(emit: (event: RunEvent) => void) {
  let backend: StartedBackend | null = null;
  let active: Active | null = null;
  let run: Run | null = null;
  let lastStep = 0;
  let lastBatchSize = 0;
  /** The device, as long as it works. */
  const device = () => {
    const started = backend ?? fail('unexpected', { reason: 'the engine was not started' });
    requireDevice(started.fault, lastStep, lastBatchSize);
    return started;
  };
  const current = () => active ?? fail('no-model', {});
  let tokens: { key: string; get: (text: string) => Int32Array } | null = null;

  /** Token ids of a text; kept for as long as model and length stay the same. */
  function tokenizer({ loaded }: Active, maxLength: number): (text: string) => Int32Array {
    const key = `${loaded.name} ${maxLength}`;
    if (tokens?.key !== key) tokens = { key, get: createTokenCache(loaded.tokenizer, maxLength) };
    return tokens.get;
  }

  /** Puts the weights of the files on the device again, so that every run starts from the same place. */
  function resetWeights(target: Active): void {
    disposeParameters(target.model.parameters);
    target.model = { config: target.loaded.config, parameters: createParameters(target.loaded.tensors) };
    target.record = null;
  }

  /** Events of a run are passed on one by one; while paused, the next step is not asked for. */
  async function follow(
    state: Run,
    events: AsyncGenerator<RunEvent>,
    record: (event: RunEvent) => void,
  ): Promise<void> {
    for await (const event of events) {
      record(event);
      emit(event);
      if (!state.paused || event.type === 'finished') continue;
      emit({ runId: event.runId, step: event.step, type: 'paused' });
      await state.gate;
      emit({ runId: event.runId, step: event.step, type: 'resumed' });
    }
  }

  return {
    async start(wanted: BackendName | null, wasmPath: string): Promise<BackendInfo> {
      backend ??= (await startBackend(wanted, wasmPath)) ?? fail('webgpu-missing', {});
      const { name, adapter, software, reason } = backend;
      return { name, adapter, software, reason };
    },

    load(files: ModelFiles, name: string): ModelSummary {
      if (run) fail('run-active', {});
      device();
      const loaded = loadModel(files, name);
      if (active) disposeParameters(active.model.parameters);
      const { config, tensors, pooling, maxLength } = loaded;
      active = {
        loaded,
        model: { config, parameters: createParameters(tensors) },
        pooling: pooling ?? 'mean',
        maxLength: maxLength ?? Math.min(config.max_position_embeddings, 64),
        record: null,
      };
      tokens = null;
      return {
        name,
        parameters: [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0),
        layers: config.num_hidden_layers,
        hidden: config.hidden_size,
        heads: config.num_attention_heads,
        vocabulary: config.vocab_size,
        maxPositions: config.max_position_embeddings,
        pooling,
        maxLength,
      };
    },

    /** The steps of a run on the data, and the lengths of its sentences in tokens (none without a model). */
    plan({ examples, plan }: PreparedData, config: RunConfig): DataPlan {
      const { stepsPerEpoch, totalSteps } = planTraining(examples, config, false);
      return {
        ...plan,
        stepsPerEpoch,
        totalSteps,
        lengths: measureLengths(examples, active?.loaded.tokenizer ?? null, config.maxLength),
      };
    },

    /** Trains until the run has ended; its failure is an event, too. */
    async run(runId: string, config: RunConfig, data: PreparedData): Promise<void> {
      if (run) fail('run-active', {});
      if (data.plan.blocked) throw new ProblemError(data.plan.blocked);
      requireConfig(config, current().loaded.config.max_position_embeddings);
      const target = current();
      const { fault, name } = device();
      const state: Run = { stop: new AbortController(), ...openGate };
      run = state;
      lastStep = 0;
      lastBatchSize = config.batchSize;
      try {
        resetWeights(target);
        target.pooling = config.pooling;
        target.maxLength = config.maxLength;
        const tokenize = tokenizer(target, config.maxLength);
        const { sentence1, sentence2, gold } = data.evaluation;
        const evaluation = { first: sentence1.map(tokenize), second: sentence2.map(tokenize), gold };
        const { model } = target;
        const events = train({
          runId,
          model,
          config,
          examples: data.examples,
          tokenize,
          evaluation,
          stop: state.stop.signal,
          fault,
        });
        await follow(state, events, (event) => {
          lastStep = event.step;
          if (event.type === 'finished') {
            const { train: trained } = data.plan;
            target.record = {
              config,
              backend: name,
              data: {
                trainFile: data.files.train,
                trainExamples: data.examples.length,
                evaluationFile: data.files.evaluation,
                evaluationPairs: gold.length,
                leftOut: trained.problemCount,
              },
              steps: event.step,
              seconds: event.seconds,
              before: event.before,
              after: event.after,
              best: event.best,
            };
          }
        });
      } catch (error) {
        emit({ runId, step: lastStep, type: 'failed', problem: problemOf(error) });
      } finally {
        run = null;
      }
    },

    pause(): void {
      if (!run || run.paused) return;
      const state = run;
      state.paused = true;
      state.gate = new Promise((resolve) => {
        state.open = resolve;
      });
    },

    resume(): void {
      if (!run) return;
      run.paused = false;
      run.open();
    },

    stop(): void {
      run?.stop.abort();
      this.resume();
    },

    async embed(
      texts: string[],
      config: RunConfig,
    ): Promise<{ now: Float32Array; before: Float32Array; hidden: number }> {
      const { loaded, model } = current();
      device();
      requireConfig(config, current().loaded.config.max_position_embeddings);
      const ids = texts.map(tokenizer(current(), config.maxLength));
      const now = await embedSentences(model, ids, config.pooling);
      const before = { config: loaded.config, parameters: createParameters(loaded.tensors) };
      try {
        return { now, before: await embedSentences(before, ids, config.pooling), hidden: loaded.config.hidden_size };
      } finally {
        disposeParameters(before.parameters);
      }
    },

    async export(): Promise<{ bytes: Uint8Array<ArrayBuffer>; name: string }> {
      const { loaded, model, pooling, maxLength, record } = current();
      device();
      const name = record ? `${loaded.name}-${record.config.objective}` : loaded.name;
      const tensors = await readParameters(model.parameters);
      return { bytes: exportModel({ base: loaded, tensors, name, pooling, maxLength, run: record }), name };
    },
  };
}

export type Engine = ReturnType<typeof createEngine>;
