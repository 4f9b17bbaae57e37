/** A configuration as the query of an address, so that a link is an experiment: what differs from the objective's defaults, and the model. */

import type { ModelSource } from '../contract/calls.ts';
import { appliesTo, defaultOf, defaultsFor, type OptionName, optionEntries, options } from '../contract/catalogue.ts';
import { checkOption } from '../contract/config.ts';
import { parseHubId } from '../contract/hub-id.ts';
import { presets } from '../contract/presets.ts';
import { type Problem, problem, sayProblem } from '../contract/problems.ts';
import { checkDrafts, type Drafts, draftOf, draftsOf, isUsed, objectiveIn } from './options.ts';
import { nameOf } from './sources.ts';
import type { Studio } from './state.ts';

/** What the page's address says beside the configuration. */
const others: ReadonlySet<string> = new Set(['backend']);

/** What a link says: the options that it sets, the model, and what of it is wrong and left out. */
export type Link = {
  drafts: Partial<Drafts>;
  model: ModelSource | null;
  problems: readonly Problem[];
};

/** The query for the options as they stand; a model of the user's own disk is not in it. */
export function writeLink(studio: Pick<Studio, 'drafts' | 'chosen' | 'model' | 'link'>): URLSearchParams {
  const { drafts, chosen, model, link } = studio;
  const query = new URLSearchParams();
  const objective = objectiveIn(drafts);
  query.set('objective', objective);
  for (const [name, option] of optionEntries) {
    const differs = drafts[name] !== draftOf(defaultOf(option, objective)) || chosen.has(name);
    if (name !== 'objective' && differs && isUsed(name, drafts)) query.set(name, drafts[name].trim());
  }
  const source = model.source ?? link?.model;
  if (source?.kind === 'preset' || source?.kind === 'hub') query.set('model', nameOf(source));
  return query;
}

function readModel(text: string): ModelSource | null {
  if (presets.some(({ name }) => name === text)) return { kind: 'preset', name: text };
  const hub = parseHubId(text);
  return hub && { kind: 'hub', ...hub };
}

/** Reads a query; null where it says nothing of a configuration. What is wrong is named, and left out. */
export function readLink(query: URLSearchParams): Link | null {
  const named = [...query].filter(([name]) => !others.has(name));
  if (named.length === 0) return null;
  const drafts: Partial<Drafts> = {};
  const problems: Problem[] = [];
  const asked = query.get('objective');
  const objective = objectiveIn({ ...draftsOf(defaultsFor('mnrl')), ...(asked ? { objective: asked } : {}) });
  const known = asked === null || checkOption('objective', asked) === null;
  const base = draftsOf(defaultsFor(known ? objective : 'mnrl'));
  const given = named.filter(([name]) => Object.hasOwn(options, name)) as [OptionName, string][];
  const wrong = checkDrafts({ ...base, ...Object.fromEntries(given) });
  for (const [name, text] of given) {
    const found = name === 'objective' && !known ? checkOption('objective', text) : wrong[name];
    const meant = appliesTo(options[name], objectiveIn(base));
    if (!found && meant) drafts[name] = text;
    if (!found) continue;
    const reason = { en: sayProblem(found, 'en'), zh: sayProblem(found, 'zh') };
    problems.push(problem('option-invalid', { option: options[name].label, reason }));
  }
  const words = query.get('model');
  const model = words === null ? null : readModel(words);
  if (words !== null && !model) problems.push(problem('link-model', { model: words }));
  for (const [name] of named)
    if (name !== 'model' && !Object.hasOwn(options, name)) problems.push(problem('link-unknown', { name }));
  return { drafts, model, problems };
}

/** The model that is part of the page: nothing is downloaded from elsewhere for it. */
export const isBundled = (source: ModelSource): boolean =>
  source.kind === 'preset' && presets.some(({ name, kind }) => name === source.name && kind === 'bundled');
