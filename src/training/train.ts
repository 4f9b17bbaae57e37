/**
 * A run as a sequence of events: evaluation of the untrained model, then steps with evaluations between them, then a
 * last evaluation. Whoever reads the events sets the pace: not asking for the next one is a pause.
 */
import type { RunConfig } from '../contract/catalogue.ts';
import type { Device } from '../contract/memory.ts';
import { adviseOnMemory } from '../contract/memory-advice.ts';
import type { EvaluationReport, RunEvent } from '../contract/run.ts';
import type { TrainingExamples } from '../data/example-columns.ts';
import { createBreather } from '../data/next-task.ts';
import type { TokenStore } from '../data/token-store.ts';
import { currentDispatcher } from '../kernels/device/webgpu.ts';
import type { TileStorage } from '../kernels/linear/tuner.ts';
import { type Model, sizesOf } from '../model/model.ts';
import { readParameters, writeParameters } from '../model/parameters.ts';
import { scheduleShare } from '../optimizer/schedule.ts';
import { collate, sizesOfBatch } from './batches.ts';
import { createBestKeeper } from './best.ts';
import { type FaultReader, requireDevice } from './device.ts';
import { requireFinite } from './finite.ts';
import type { StepBatch } from './gradients.ts';
import { measureStep } from './metrics.ts';
import { planTraining } from './plan.ts';
import type { RunSnapshot } from './snapshot.ts';
import type { StepResult } from './step.ts';
import { createStepper } from './stepper.ts';

export type TrainingRun = {
  runId: string;
  /** Trained in place; the head of the objective, if it has one, is among the parameters. */
  model: Model;
  config: RunConfig;
  examples: TrainingExamples;
  /** Of each different text; for a cross-encoder of each example. */
  rows: TokenStore;
  /** Judges the model as it is now. */
  evaluate: () => Promise<EvaluationReport>;
  evaluationPairs: number;
  /**
   * Ends the run after the step in progress, with a last evaluation. The reason may say which weights the model is to
   * have then, `best` or `last`; else the configuration does.
   */
  stop: AbortSignal;
  fault: FaultReader;
  /** Remembers what was measured of a GPU. */
  tiles?: TileStorage;
  /** What the run continues from; null for a run from the beginning. Model, data and configuration must be those it had. */
  from: RunSnapshot | null;
  /**
   * Keeps a snapshot: every so many steps, at each best evaluation and before a pause; false where there was no room. Null
   * where there is no place for any.
   */
  save: ((snapshot: RunSnapshot) => Promise<boolean>) | null;
  /** Whether a pause was asked for: the run saves itself before its next step. */
  isPausing?: () => boolean;
};

/** A step that was given to the device. */
type Submitted = {
  step: number;
  epoch: number;
  batches: StepBatch[];
  learningRate: number;
  result: Promise<StepResult & { /** When the device was done. */ at: number }>;
  submittedAt: number;
};

/**
 * Trains. The same seed on the same device gives the same losses.
 * @throws ProblemError when the loss is not finite (the weights are then those of the step before) or the device fails
 */
export async function* train(run: TrainingRun): AsyncGenerator<RunEvent, void, void> {
  const { runId, model, config, examples, rows, from } = run;
  const plan = planTraining(examples, config, true);
  const stepper = createStepper(model, config, run.tiles);
  const keeper = createBestKeeper(model.parameters, config, from?.keeper);
  const breathe = createBreather();
  /** Steps that are submitted and not awaited. */
  const underWay: Submitted[] = [];
  let step = from?.step ?? 0;
  let seconds = from?.seconds ?? 0;
  let settledAt = 0;
  /** Bytes of a step that went well. */
  let reached: number | null = null;

  /** What to do where one of these did not fit in memory. */
  const advise = (batches: readonly StepBatch[]) => {
    const batch = batches.map(sizesOfBatch).reduce((most, each) => (each.tokens > most.tokens ? each : most));
    const gpu = currentDispatcher();
    const device: Device = { name: gpu ? 'webgpu' : 'wasm', software: gpu?.software ?? false };
    return adviseOnMemory({ model: sizesOf(model), options: config, batch, device }, reached);
  };

  const batchesOf = (numbers: readonly Int32Array[]) =>
    numbers.map((each) => collate(examples, each, config.objective, rows));

  /** Compiles what the run will need, and tells how far it is; false where the run was stopped meanwhile. */
  async function* prepare(numbers: readonly Int32Array[]): AsyncGenerator<RunEvent, boolean, void> {
    let progress = { done: 0, total: 0 };
    let ready = false;
    const preparing = stepper.prepare(batchesOf(numbers), (done, total) => {
      progress = { done, total };
    });
    preparing.then(
      () => {
        ready = true;
      },
      () => {}, // it is awaited below
    );
    while (!ready) {
      await Promise.race([preparing, new Promise((resolve) => setTimeout(resolve, 100))]);
      if (!ready && run.stop.aborted) return false;
      if (!ready && progress.total > 0) yield { runId, step, type: 'compiling', ...progress };
    }
    requireDevice(run.fault, step, config.batchSize);
    return true;
  }

  const evaluate = async () => {
    const start = performance.now();
    const report = await run.evaluate();
    currentDispatcher()?.trim();
    requireDevice(run.fault, step, config.batchSize);
    const took = (performance.now() - start) / 1000;
    seconds += took;
    const isBest = await keeper.take(step, report);
    return { event: { runId, step, type: 'evaluation', report, seconds: took } as const, isBest };
  };

  /** Keeps all that the rest of the run depends on. No step may be under way. */
  async function* save(first: EvaluationReport, last: EvaluationReport, evaluatedAt: number) {
    const saved = await run.save!({
      step,
      seconds,
      parameters: await readParameters(model.parameters),
      optimizer: await stepper.save(),
      first,
      last,
      evaluatedAt,
      keeper: keeper.snapshot(),
    });
    yield { runId, step, type: saved ? 'saved' : 'unsaved' } as const;
  }

  /** Waits for the earliest step under way. */
  const settle = async () => {
    const { step, epoch, batches, learningRate, result, submittedAt } = underWay.shift()!;
    const require = () => requireDevice(run.fault, step, config.batchSize, () => advise(batches));
    const found = await result.catch((error) => {
      require(); // says why, where it is the device
      throw error;
    });
    require();
    requireFinite(found, step, config.learningRate);
    const took = (found.at - Math.max(submittedAt, settledAt)) / 1000;
    settledAt = found.at;
    seconds += took;
    reached = stepper.bytes;
    const metrics = measureStep(found, batches, learningRate, took, stepper.bytes);
    return { runId, step, type: 'step', epoch, metrics } as const;
  };

  try {
    yield {
      runId,
      step,
      type: 'started',
      config,
      totalSteps: plan.totalSteps,
      stepsPerEpoch: plan.stepsPerEpoch,
      trainExamples: examples.count,
      evaluationPairs: run.evaluationPairs,
    };
    if (plan.totalSteps > 0 && !(yield* prepare(plan.steps(0)[0]!))) {
      yield { runId, step, type: 'cancelled' };
      return;
    }
    if (from) {
      writeParameters(model.parameters, from.parameters);
      stepper.restore(from.optimizer);
    }
    let { first, last, evaluatedAt } = from ?? { first: null, last: null, evaluatedAt: 0 };
    if (!first || !last) {
      const { event } = await evaluate();
      yield event;
      first = last = event.report;
    }

    let planned = 0;
    training: for (let epoch = 0; epoch < config.epochs; epoch++) {
      for (const numbers of plan.steps(epoch)) {
        if (++planned <= (from?.step ?? 0)) continue;
        if (run.save && run.isPausing?.()) {
          while (underWay.length > 0) yield await settle();
          yield* save(first, last, evaluatedAt);
        }
        if (run.stop.aborted || keeper.isExhausted()) break training;
        step++;
        const submittedAt = performance.now();
        const batches = batchesOf(numbers);
        const share = scheduleShare(config.schedule, step, plan.warmupSteps, plan.totalSteps);
        const learningRate = config.learningRate * share;
        const result = stepper
          .step(batches, { step, learningRate })
          .then((found) => ({ ...found, at: performance.now() }));
        result.catch(() => {}); // it is awaited in its turn
        underWay.push({ step, epoch, batches, learningRate, result, submittedAt });
        const due = step % config.evaluateEvery === 0 && !run.stop.aborted;
        let saves = run.save !== null && config.checkpointEvery > 0 && step % config.checkpointEvery === 0;
        while (underWay.length > (due || saves ? 0 : stepper.inFlight - 1)) yield await settle();
        await breathe();
        if (due) {
          const { event, isBest } = await evaluate();
          yield event;
          last = event.report;
          evaluatedAt = step;
          saves ||= run.save !== null && isBest;
        }
        if (saves) yield* save(first, last, evaluatedAt);
      }
    }
    while (underWay.length > 0) yield await settle();
    if (evaluatedAt < step) {
      const { event } = await evaluate();
      yield event;
      last = event.report;
    }
    const reason = step === plan.totalSteps ? 'completed' : run.stop.aborted ? 'stopped' : 'early';
    const best = keeper.best();
    const asked: unknown = run.stop.reason;
    const keep = asked === 'best' || asked === 'last' ? asked : config.keep;
    const restored = keep === 'best' ? keeper.restore(step) : null;
    yield {
      runId,
      step,
      type: 'finished',
      reason,
      seconds,
      before: first,
      after: restored ? await run.evaluate() : last,
      best: best && { step: best.step, value: best.value },
      keptStep: restored?.step ?? step,
    };
  } finally {
    stepper.dispose();
  }
}
