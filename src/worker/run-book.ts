/** Writes a run down while it happens: every step and evaluation, in the table of runs, so that a reload loses none of it. */
import type { RunEvent } from '../contract/run.ts';
import { curveNames, type KeptEvaluation, type RunCurves, type RunEntry } from '../contract/runs.ts';
import type { RunBody, RunDatabase } from '../files/run-database.ts';

/** Milliseconds between two writes while steps are all there is to write. */
const pace = 5000;

const columns = ['step', 'epoch', ...curveNames] as const;
type Columns = Record<(typeof columns)[number], number[]>;

const emptyColumns = (): Columns => Object.fromEntries(columns.map((name) => [name, [] as number[]])) as Columns;

export class RunBook {
  private readonly database: RunDatabase;
  private entry: RunEntry;
  private readonly values = emptyColumns();
  private evaluations: KeptEvaluation[] = [];
  private epoch = 0;
  private begun = false;
  private writtenAt = 0;
  /** Writes one after the other. */
  private writing: Promise<void> = Promise.resolve();

  /** @param entry of a new run, or of one that continues: then with `body`, what was written of it */
  constructor(database: RunDatabase, entry: RunEntry, body: RunBody | null) {
    this.database = database;
    this.entry = entry;
    if (!body) return;
    for (const name of columns) this.values[name].push(...body.curves[name]);
    this.evaluations = body.evaluations;
  }

  /** Takes an event in. */
  record(event: RunEvent): void {
    const { step } = event;
    switch (event.type) {
      case 'started': {
        const { totalSteps, stepsPerEpoch } = event;
        this.cut(step);
        this.entry = { ...this.entry, status: 'running', step, totalSteps, stepsPerEpoch, problem: null };
        this.write();
        return;
      }
      case 'step': {
        this.epoch = event.epoch;
        this.values.step.push(step);
        this.values.epoch.push(event.epoch);
        for (const name of curveNames) this.values[name].push(event.metrics[name]);
        const seconds = this.entry.seconds + event.metrics['speed/step_seconds'];
        this.entry = { ...this.entry, step, seconds };
        if (performance.now() - this.writtenAt > pace) this.write();
        return;
      }
      case 'evaluation': {
        const { report, seconds } = event;
        this.evaluations.push({ step, epoch: this.epoch, report, seconds });
        const value = report.metrics[report.primary] ?? null;
        const { best, before } = this.entry;
        this.entry = {
          ...this.entry,
          primary: report.primary,
          before: step === 0 ? value : before,
          latest: value,
          best: value !== null && (!best || value > best.value) ? { step, value } : best,
        };
        this.write();
        return;
      }
      case 'saved':
        this.entry = { ...this.entry, checkpoint: step };
        this.write();
        return;
      case 'finished':
        this.entry = { ...this.entry, status: event.reason, seconds: event.seconds, step, keptStep: event.keptStep };
        this.write();
        return;
      case 'failed':
        this.entry = { ...this.entry, status: 'failed', problem: event.problem };
        this.write();
        return;
    }
  }

  /** Notes what else became of the run. */
  change(changes: Partial<RunEntry>): void {
    this.entry = { ...this.entry, ...changes };
    this.write();
  }

  /** Resolves when all that was recorded is written; nothing of a run that was cancelled before it began. */
  settled(): Promise<void> {
    if (this.begun) this.write();
    return this.writing;
  }

  /** Forgets what came after the step that a run continues from. */
  private cut(step: number): void {
    const kept = this.values.step.filter((each) => each <= step).length;
    for (const name of columns) this.values[name].length = kept;
    this.evaluations = this.evaluations.filter((evaluation) => evaluation.step <= step);
    this.epoch = this.values.epoch.at(-1) ?? 0;
  }

  private write(): void {
    this.begun = true;
    this.writtenAt = performance.now();
    const curves = Object.fromEntries(columns.map((name) => [name, Float64Array.from(this.values[name])])) as RunCurves;
    const body = { curves, evaluations: [...this.evaluations] };
    const { entry } = this;
    // The table may be full, or the user may have cleared it: the run itself goes on.
    this.writing = this.writing
      .then(async () => {
        const kept = await this.database.entry(entry.id);
        const { name, note } = kept ?? entry; // which the user may have changed meanwhile
        await this.database.put({ ...entry, name, note }, body);
      })
      .catch((error) => console.warn('The run could not be written down.', error));
  }
}
