/** A run from the loaded model to its last event: what it trains, judges, keeps and tells of. */
import type { RunConfig } from '../contract/catalogue.ts';
import type { BackendName, RunEvent } from '../contract/run.ts';
import type { Encode } from '../data/token-cache.ts';
import type { TokenStore } from '../data/token-store.ts';
import { type Evaluation, evaluate } from '../evaluation/evaluate.ts';
import type { JudgedTexts } from '../evaluation/predictions.ts';
import type { EvaluationRecord } from '../evaluation/results-csv.ts';
import { type FileStore, StoreFull } from '../files/file-store.ts';
import type { TileStorage } from '../kernels/linear/tuner.ts';
import type { FaultReader } from '../training/device.ts';
import { train } from '../training/train.ts';
import { type ActiveModel, prepareForRun } from './active-model.ts';
import { openRun, saveRun } from './checkpoints.ts';
import type { PreparedData } from './datasets.ts';
import { evaluationDataOf } from './evaluation-data.ts';
import { createFrameLog, type FrameLog } from './map/frames.ts';
import { recordRun } from './record.ts';
import type { Steering } from './steering.ts';
import { samplePairs } from './try/samples.ts';

/**
 * Where a run's checkpoints go, null where there is no place; whether it continues from its latest; and what is done
 * before one is written.
 */
export type Keeping = { store: FileStore | null; resume: boolean; before: () => Promise<void> };

/** The evaluations of a run, what the latest of them said of each pair, and the embeddings of some sentences at each. */
export type Judged = { records: EvaluationRecord[]; texts: JudgedTexts; latest: Evaluation | null; frames: FrameLog };

type Followed = {
  runId: string;
  target: ActiveModel;
  config: RunConfig;
  data: PreparedData;
  rows: TokenStore;
  encode: Encode;
  device: { fault: FaultReader; name: BackendName };
  steering: Steering;
  keeping: Keeping;
  tiles: TileStorage;
  onBegin: (judged: Judged) => void;
  onEvent: (event: RunEvent) => void;
};

/** @returns the step whose weights the model has then; null where the run was cancelled */
export async function followRun(run: Followed): Promise<number | null> {
  const { runId, target, config, data, rows, encode, device, steering, keeping } = run;
  const { examples, classes } = data;
  const { store, resume, before } = keeping;
  prepareForRun(target, config, classes);
  const { model } = target;
  const evaluation = evaluationDataOf(data.evaluation, classes, encode);
  const begun = resume ? await openRun(store, runId, examples, model.parameters) : null;
  const judged: Judged = {
    records: begun?.records ?? [],
    texts: { ...data.evaluation, classes },
    latest: null,
    frames: createFrameLog(samplePairs(data, data.evaluation.listed), model.config.hidden_size),
  };
  run.onBegin(judged);
  let epoch = begun?.epoch ?? 0;
  let kept: number | null = null;
  const save = async (place: FileStore, snapshot: Parameters<typeof saveRun>[2]) => {
    await before();
    try {
      await saveRun(place, runId, snapshot, { examples, epoch, records: judged.records });
      return true;
    } catch (error) {
      if (error instanceof StoreFull) return false;
      throw error;
    }
  };
  const events = train({
    runId,
    model,
    config,
    examples,
    rows,
    evaluate: async () => {
      judged.latest = await evaluate(model, evaluation, config);
      return judged.latest.report;
    },
    evaluationPairs: data.plan.evaluationPairs,
    stop: steering.stopped,
    fault: device.fault,
    tiles: run.tiles,
    from: begun?.snapshot ?? null,
    save: store && ((snapshot) => save(store, snapshot)),
    isPausing: steering.isPausing,
  });
  const record = (event: RunEvent) => {
    if (event.type === 'step') epoch = event.epoch;
    if (event.type === 'evaluation') {
      judged.records.push({ epoch, step: event.step, report: event.report });
      judged.frames.take(event.step, judged.latest?.embeddings ?? null);
    }
    if (event.type === 'finished') {
      target.record = recordRun(event, config, device.name, data);
      kept = event.keptStep;
    }
    run.onEvent(event);
  };
  await steering.follow(events, record, store !== null);
  return kept;
}
