/** The action behind Try: two sentences, embedded by the model before and after training, and their cosines. */
import { attempt, type Desk } from './desk.ts';
import { configOf } from './options.ts';

/** The dot product of the two rows of a `[2, width]` matrix; their cosine, as the rows are normalised. */
function dotOfRows(rows: Float32Array, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += rows[i]! * rows[width + i]!;
  return sum;
}

export function trialActions(desk: Desk) {
  const { get, set, ask } = desk;

  function setTrialText(index: 0 | 1, text: string): void {
    set(({ trial }) => ({ trial: { ...trial, texts: index === 0 ? [text, trial.texts[1]] : [trial.texts[0], text] } }));
  }

  async function compare(): Promise<void> {
    const { trial, drafts, model } = get();
    const { texts } = trial;
    const config = configOf(drafts, model.summary?.maxPositions);
    if (!config || trial.busy) return;
    set({ trial: { ...trial, busy: true } });
    const answer = await attempt(desk, 'try', () => ask('embed', { texts: [...texts], config }));
    const result = answer && {
      texts,
      before: dotOfRows(answer.before, answer.hidden),
      now: dotOfRows(answer.now, answer.hidden),
    };
    set(({ trial }) => ({ trial: { ...trial, busy: false, result: result ?? trial.result } }));
  }

  return { setTrialText, compare };
}
