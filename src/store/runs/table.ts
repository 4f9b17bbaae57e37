/** The table of runs: searching, sorting, and what differs between the configurations of some. */
import { type OptionName, optionEntries, type RunConfig } from '../../contract/catalogue.ts';
import type { RunEntry } from '../../contract/runs.ts';
import { draftsOf, isUsed } from '../options.ts';
import { resultOf, titleOf } from './kept.ts';

/** A column that the table can be sorted by. */
export type RunColumn = 'name' | 'createdAt' | 'objective' | 'model' | 'data' | 'result' | 'seconds' | 'status';

export type RunOrder = { by: RunColumn; descending: boolean };

function cellOf(entry: RunEntry, by: RunColumn): string | number | null {
  switch (by) {
    case 'name':
      return titleOf(entry);
    case 'objective':
      return entry.config.objective;
    case 'data':
      return entry.data.train;
    case 'result':
      return resultOf(entry);
    default:
      return entry[by];
  }
}

/** Sorted by a column: numbers by value, words by name; what is not known comes last either way. */
export function sortRuns(entries: readonly RunEntry[], { by, descending }: RunOrder): readonly RunEntry[] {
  const sign = descending ? -1 : 1;
  return [...entries].sort((a, b) => {
    const [left, right] = [cellOf(a, by), cellOf(b, by)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (typeof left === 'number' && typeof right === 'number' ? left - right : compareWords(left, right));
  });
}

const compareWords = (left: string | number, right: string | number) =>
  String(left).localeCompare(String(right), undefined, { numeric: true });

/** The runs in whose name, note, objective, model or files every word of `search` occurs. */
export function findRuns(entries: readonly RunEntry[], search: string): readonly RunEntry[] {
  const words = search.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    const { note, config, model, data } = entry;
    const text = [titleOf(entry), note, config.objective, model, data.train, data.evaluation ?? ''].join('\n');
    return words.every((word) => text.normalize('NFKC').toLowerCase().includes(word));
  });
}

/** The options that are not the same in all configurations, in the order of the catalogue; those without a meaning are passed over. */
export function differingOptions(configs: readonly RunConfig[]): OptionName[] {
  return optionEntries.flatMap(([name]) => {
    const values = configs.map((config) => (hasMeaning(name, config) ? JSON.stringify(config[name]) : null));
    return new Set(values).size > 1 ? [name] : [];
  });
}

/** Whether an option has a meaning in a configuration. */
export const hasMeaning = (name: OptionName, config: RunConfig): boolean => isUsed(name, draftsOf(config));
