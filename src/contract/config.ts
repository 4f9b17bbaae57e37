/** Checks a configuration against the catalogue's bounds; the form, the worker and the command line all ask here. */
import { type OptionName, optionEntries, options, type RunConfig } from './catalogue.ts';
import { fail, type Problem, problem, sayProblem } from './problems.ts';

/** What is wrong with one value, or null. `maxPositions` is what the loaded model can read. */
export function checkOption(name: OptionName, value: unknown, maxPositions?: number): Problem | null {
  const option = options[name];
  if (option.kind === 'choice') {
    if (typeof value === 'string' && Object.hasOwn(option.choices, value)) return null;
    return problem('option-choice', { choices: Object.keys(option.choices).join(', ') });
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return problem('option-not-a-number', {});
  if (value < option.min || value > option.max) return problem('option-range', { min: option.min, max: option.max });
  if ('whole' in option && !Number.isInteger(value)) return problem('option-not-whole', {});
  if (name === 'maxLength' && maxPositions && value > maxPositions)
    return problem('option-positions', { max: maxPositions });
  return null;
}

/** Steps between two evaluations that suit a run of this length: about ten evaluations, never closer than the default. */
export function suitEvaluateEvery(totalSteps: number): number {
  const { default: least, max } = options.evaluateEvery;
  return Math.min(max, Math.max(least, Math.ceil(totalSteps / 10)));
}

/** Throws the first problem of a configuration, with the option's name. */
export function requireConfig(config: RunConfig, maxPositions?: number): void {
  for (const [name, wrong] of Object.entries(checkConfig(config, maxPositions))) {
    const reason = { en: sayProblem(wrong, 'en'), zh: sayProblem(wrong, 'zh') };
    fail('option-invalid', { option: options[name as OptionName].label, reason });
  }
}

/** The problem of every invalid value, by option; empty where all is well. */
function checkConfig(config: RunConfig, maxPositions?: number): Partial<Record<OptionName, Problem>> {
  const found: Partial<Record<OptionName, Problem>> = {};
  for (const [name] of optionEntries) {
    const wrong = checkOption(name, config[name], maxPositions);
    if (wrong) found[name] = wrong;
  }
  return found;
}
