/** Which evaluation was the best so far, with a copy of its weights, so that the run can end on them, and when to give up. */
import type { RunConfig } from '../contract/catalogue.ts';
import type { EvaluationReport } from '../contract/run.ts';
import { type HostTensor, type Parameters, readParameters, writeParameters } from '../model/parameters.ts';

export type Best = { step: number; value: number; report: EvaluationReport };

/** The keeper's memory; the weights are those of the best evaluation. */
export type KeeperSnapshot = { best: Best | null; weights: ReadonlyMap<string, HostTensor> | null; since: number };

/** @param from the memory of the keeper of the run that this one continues */
export function createBestKeeper(
  parameters: Parameters,
  { patience }: Pick<RunConfig, 'patience'>,
  from: KeeperSnapshot = { best: null, weights: null, since: 0 },
) {
  let { best, weights, since } = from;

  return {
    best: () => best,

    /** Whether as many evaluations as the patience allows have passed without a new best one. */
    isExhausted: () => patience > 0 && since >= patience,

    snapshot: (): KeeperSnapshot => ({ best, weights, since }),

    /**
     * Takes an evaluation in; a better one's weights are copied to the CPU.
     * @returns whether it is a new best
     */
    async take(step: number, report: EvaluationReport): Promise<boolean> {
      const value = report.metrics[report.primary] ?? null;
      if (value === null || (best && value <= best.value)) {
        since++;
        return false;
      }
      best = { step, value, report };
      since = 0;
      weights = await readParameters(parameters);
      return true;
    },

    /** Puts the best weights back, if there are any and they are not those of the last evaluation. */
    restore(lastStep: number): Best | null {
      if (!best || !weights || best.step === lastStep) return null;
      writeParameters(parameters, weights);
      return best;
    },
  };
}
