/** A configuration goes into an address and comes out as it was; what is wrong in one is named. */
import { describe, expect, it } from 'vitest';
import { defaultsFor } from '../../src/contract/catalogue.ts';
import { objectives } from '../../src/contract/objectives.ts';
import { readLink, writeLink } from '../../src/store/link.ts';
import { configOf, draftsOf } from '../../src/store/options.ts';
import { type freshStudio, noModel } from '../../src/store/state.ts';

const studio = (drafts: Partial<typeof freshStudio.drafts>) => {
  const objective = (drafts.objective ?? 'mnrl') as keyof typeof objectives;
  const all = { ...draftsOf(defaultsFor(objective)), ...drafts };
  return { drafts: all, chosen: new Set<never>(), model: noModel, link: null };
};

describe('a link', () => {
  it('holds nothing but the objective where all is at its default', () => {
    for (const objective of Object.keys(objectives)) expect([...writeLink(studio({ objective }))]).toHaveLength(1);
  });

  it('gives back what it was made of', () => {
    const own = { objective: 'cosent', learningRate: '1e-3', matryoshka: '64, 32', pooling: 'cls', seed: '7' };
    const made = studio(own);
    const query = writeLink({
      ...made,
      model: { ...noModel, source: { kind: 'hub', repository: 'a/b', revision: 'v2' } },
    });
    expect([...query.keys()].sort()).toEqual([...Object.keys(own), 'model'].sort());
    const link = readLink(new URLSearchParams(query.toString()))!;
    expect(link.problems).toEqual([]);
    expect(link.model).toEqual({ kind: 'hub', repository: 'a/b', revision: 'v2' });
    expect(configOf(studio(link.drafts).drafts)).toEqual(configOf(made.drafts));
    expect(writeLink({ ...made, link }).get('model'), 'a model that the link names and nobody has loaded yet').toBe(
      'a/b@v2',
    );
  });

  it('leaves out what is wrong, and names it', () => {
    const query = new URLSearchParams('objective=cosent&learningRate=5&pooling=middle&speed=9&model=..&epochs=2');
    const link = readLink(query)!;
    expect(link.drafts).toEqual({ objective: 'cosent', epochs: '2' });
    expect(link.model).toBeNull();
    expect(link.problems.map(({ code }) => code).sort()).toEqual([
      'link-model',
      'link-unknown',
      'option-invalid',
      'option-invalid',
    ]);
    expect(readLink(new URLSearchParams('objective=magic'))).toMatchObject({
      drafts: {},
      problems: [{ code: 'option-invalid' }],
    });
  });

  it('is none where only the device is asked for', () => {
    expect(readLink(new URLSearchParams('backend=wasm'))).toBeNull();
    expect(readLink(new URLSearchParams())).toBeNull();
  });
});
