/** Options as they are typed: every field keeps the user's own characters, and a configuration is read from them. */
import {
  appliesTo,
  type ObjectiveName,
  type OptionName,
  optionEntries,
  type RunConfig,
} from '../contract/catalogue.ts';
import { checkOption } from '../contract/config.ts';
import type { Problem } from '../contract/problems.ts';

export type Drafts = Record<OptionName, string>;

/** A configuration as text. */
export function draftsOf(config: RunConfig): Drafts {
  return Object.fromEntries(optionEntries.map(([name]) => [name, String(config[name])])) as Drafts;
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The number a person typed (full-width digits too), or NaN. */
export function readNumber(draft: string): number {
  const plain = draft.normalize('NFKC').trim();
  return decimal.test(plain) ? Number(plain) : Number.NaN;
}

/** The typed value of one option; NaN where a number is expected and something else stands. */
function readDraft(name: OptionName, draft: string): string | number {
  const option = optionEntries.find(([entry]) => entry === name)?.[1];
  return option?.kind === 'number' ? readNumber(draft) : draft;
}

/** What is wrong with the drafts, by option. Options without meaning for the objective are passed over. */
export function checkDrafts(drafts: Drafts, maxPositions?: number): Partial<Record<OptionName, Problem>> {
  const found: Partial<Record<OptionName, Problem>> = {};
  for (const [name, option] of optionEntries) {
    if (!appliesTo(option, drafts.objective as ObjectiveName)) continue;
    const wrong = checkOption(name, readDraft(name, drafts[name]), maxPositions);
    if (wrong) found[name] = wrong;
  }
  return found;
}

/** The configuration in the drafts, or null while one that matters is invalid. Unused invalid ones give their default. */
export function configOf(drafts: Drafts, maxPositions?: number): RunConfig | null {
  if (Object.keys(checkDrafts(drafts, maxPositions)).length > 0) return null;
  const values = optionEntries.map(([name, option]) => {
    const value = readDraft(name, drafts[name]);
    return [name, checkOption(name, value) ? option.default : value];
  });
  return Object.fromEntries(values) as RunConfig;
}
