/** How far each step of the way is, and what still keeps Train from starting. */
import { type Problem, problem } from '../contract/problems.ts';
import { checkDrafts } from './options.ts';
import { isActive } from './run.ts';
import type { Step, Studio } from './state.ts';

/** Why Train cannot be pressed: a problem to mend, or something to wait for. */
export type Obstacle =
  | { kind: 'problem'; problem: Problem; step: Step | null }
  | { kind: 'options'; count: number; step: Step }
  | { kind: 'wait'; what: 'engine' | 'data' | 'model' | 'comparison' | 'plan' };

/** The first obstacle on the way to Train, or null. */
export function obstacle(state: Studio): Obstacle | null {
  const { engine, slots, model, comparison, drafts, plan, planning, errors } = state;
  if (engine.problem) return { kind: 'problem', problem: engine.problem, step: null };
  if (slots.train.reading || slots.evaluation.reading) return { kind: 'wait', what: 'data' };
  if (!slots.train.table) return { kind: 'problem', problem: problem('no-data', {}), step: 'data' };
  if (engine.phase === 'starting') return { kind: 'wait', what: 'engine' };
  if (model.phase === 'loading') return { kind: 'wait', what: 'model' };
  if (comparison.busy) return { kind: 'wait', what: 'comparison' };
  if (model.phase === 'none') return { kind: 'problem', problem: problem('no-model', {}), step: 'model' };
  const wrong = Object.keys(checkDrafts(drafts, model.summary)).length;
  if (wrong > 0) return { kind: 'options', count: wrong, step: 'objective' };
  if (errors.plan) return { kind: 'problem', problem: errors.plan, step: 'data' };
  if (planning || !plan) return { kind: 'wait', what: 'plan' };
  if (plan.blocked) return { kind: 'problem', problem: plan.blocked, step: 'data' };
  return null;
}

export type StepMark = 'open' | 'busy' | 'done' | 'problem';

/** The mark beside each step of the rail. */
export function markOf(state: Studio, step: Step): StepMark {
  const { slots, model, drafts, run, trial, errors, plan } = state;
  switch (step) {
    case 'data':
      if (errors.train || errors.evaluation || errors.plan || (slots.train.table && plan?.blocked)) return 'problem';
      if (slots.train.reading || slots.evaluation.reading) return 'busy';
      return slots.train.table ? 'done' : 'open';
    case 'model':
      if (errors.model || errors.hub) return 'problem';
      return model.phase === 'loading' ? 'busy' : model.phase === 'ready' ? 'done' : 'open';
    case 'objective':
      if (Object.keys(checkDrafts(drafts, model.summary)).length > 0) return 'problem';
      return slots.train.table ? 'done' : 'open';
    case 'train':
      if (run.phase === 'failed') return 'problem';
      return isActive(run) ? 'busy' : run.phase === 'finished' ? 'done' : 'open';
    case 'evaluate':
      if (errors.evaluate) return 'problem';
      return run.outcome ? 'done' : run.evaluations.length > 0 && isActive(run) ? 'busy' : 'open';
    case 'try':
      return errors.try
        ? 'problem'
        : trial.busy
          ? 'busy'
          : trial.result || trial.neighbours || trial.hits
            ? 'done'
            : 'open';
    case 'export':
      return errors.export ? 'problem' : state.exporting ? 'busy' : state.exported ? 'done' : 'open';
  }
}
