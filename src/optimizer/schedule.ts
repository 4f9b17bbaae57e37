/** The learning rate over a run: linear warm-up, then linear decay to 0. */

/**
 * The share of the peak learning rate at a step (transformers' get_linear_schedule_with_warmup, which steps after the
 * update: with a warm-up, step 1 runs at 0).
 * @param step 1 … totalSteps
 * @param warmupSteps 0 … totalSteps
 * @returns 0 … 1
 */
export function linearSchedule(step: number, warmupSteps: number, totalSteps: number): number {
  const done = step - 1;
  if (done < warmupSteps) return done / warmupSteps;
  return (totalSteps - done) / (totalSteps - warmupSteps);
}
