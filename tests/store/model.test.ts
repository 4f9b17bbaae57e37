/** The model of the studio: what follows it, how it is downloaded, and base models compared. */
import { describe, expect, it, vi } from 'vitest';
import type { ModelJudgement, ModelSummary } from '../../src/contract/calls.ts';
import { ProblemError } from '../../src/contract/problems.ts';
import { bestRow } from '../../src/store/comparison.ts';
import { file, model, openStudio } from '../support/answered-studio.ts';

describe('options that the user has not set', () => {
  it('follow the objective, and those that were set stay', () => {
    const { store, actions } = openStudio();
    actions.setOption('margin', '0.7');
    actions.setOption('objective', 'triplet');
    expect(store.getState().drafts).toMatchObject({ margin: '0.7', normalize: 'no' });
    actions.resetOption('margin');
    expect(store.getState().drafts.margin).toBe('5');
    actions.setOption('objective', 'cached-mnrl');
    expect(store.getState().drafts).toMatchObject({ normalize: 'yes', batchSize: '256' });
  });

  it('follow the model: its size, its pooling and length; resets go back to these', async () => {
    const { store, actions } = openStudio({ loadModel: () => ({ ...model, parameters: 109e6 }) });
    actions.setOption('pooling', 'max');
    await actions.loadModel({ kind: 'preset', name: 'base' });
    expect(store.getState().drafts).toMatchObject({ learningRate: '2e-5', pooling: 'cls', maxLength: '48' });
    actions.setOption('maxLength', '100');
    actions.setOption('objective', 'cross-encoder');
    expect(store.getState().drafts).toMatchObject({ learningRate: '2e-5', maxLength: '100' });
    actions.resetOption('maxLength');
    expect(store.getState().drafts.maxLength).toBe('48');
    actions.setOption('learningRate', '1e-3');
    await actions.loadModel({ kind: 'preset', name: 'tiny' });
    expect(store.getState().drafts.learningRate).toBe('1e-3');
  });
});

describe('a download', () => {
  /** A studio whose model is on its way until `settle` is called. */
  async function loadingStudio() {
    let settle = { resolve: (_: ModelSummary) => {}, reject: (_: Error) => {} };
    const studio = openStudio({
      loadModel: () => new Promise((resolve, reject) => (settle = { resolve, reject })),
    });
    const loading = studio.actions.loadModel({ kind: 'hub', repository: 'a/b' });
    await vi.waitFor(() => expect(studio.asked).toContain('loadModel'));
    studio.download({ file: 'model.safetensors', loaded: 3, total: 9 });
    return { ...studio, loading, settle: () => settle };
  }

  it('is shown while it goes on', async () => {
    const { store, loading, settle } = await loadingStudio();
    expect(store.getState().download).toEqual({ file: 'model.safetensors', loaded: 3, total: 9 });
    settle().resolve(model);
    await loading;
    expect(store.getState()).toMatchObject({ download: null, model: { phase: 'ready' } });
  });

  it('that is cancelled ends without a problem', async () => {
    const { store, actions, asked, loading, settle } = await loadingStudio();
    await actions.cancelLoad();
    expect(asked).toContain('cancelLoad');
    settle().reject(new Error('aborted'));
    await loading;
    expect(store.getState()).toMatchObject({ download: null, model: { phase: 'none' }, errors: {} });
  });

  it('that fails says so at the field, and leaves the model before it', async () => {
    const { store, actions } = openStudio({
      loadModel: ({ source }) => {
        if (source.kind === 'hub')
          throw new ProblemError({ code: 'download-failed', params: { url: 'u', reason: 'r' } });
        return model;
      },
      listCached: () => [{ repository: 'x/y', bytes: 5 }],
    });
    await actions.loadModel({ kind: 'preset', name: 'tiny' });
    await actions.loadModel({ kind: 'hub', repository: 'a/b' });
    expect(store.getState()).toMatchObject({
      model: { phase: 'ready', source: { kind: 'preset' } },
      errors: { hub: { code: 'download-failed' } },
      cached: [{ repository: 'x/y', bytes: 5 }],
    });
    expect(store.getState().errors.model).toBeUndefined();
  });
});

describe('the comparison of base models', () => {
  const judgement = (value: number): ModelJudgement => ({
    name: 'm',
    parameters: 1,
    report: {
      primary: 'eval/roc_auc',
      metrics: { 'eval/roc_auc': value },
      pairs: 2,
      distributions: null,
      confusion: null,
    },
    seconds: 1,
    sentencesPerSecond: 4,
  });

  it('judges one after the other, passes over one that fails, and knows the best', async () => {
    let busy = 0;
    const { store, actions } = openStudio({
      judgeModel: async ({ source }) => {
        expect(++busy).toBe(1);
        await Promise.resolve();
        busy--;
        if (source.kind === 'hub')
          throw new ProblemError({ code: 'download-failed', params: { url: 'u', reason: 'r' } });
        return judgement(source.kind === 'preset' && source.name === 'good' ? 0.9 : 0.6);
      },
    });
    actions.addToComparison({ repository: 'a/b' });
    expect([...store.getState().comparison.chosen]).toEqual(['hub:a/b']);
    await actions.compareModels([
      { kind: 'preset', name: 'plain' },
      { kind: 'hub', repository: 'a/b' },
      { kind: 'preset', name: 'good' },
    ]);
    const { rows, busy: going } = store.getState().comparison;
    expect(going).toBe(false);
    expect(rows.map(({ state }) => state)).toEqual(['done', 'failed', 'done']);
    expect(bestRow(rows)?.key).toBe('preset:good');
    await actions.readData('evaluation', file('scored.csv'));
    expect(store.getState().comparison.rows).toEqual([]);
  });

  it('stops after the one in hand', async () => {
    const { store, actions, asked } = openStudio({
      judgeModel: () => {
        actions.stopComparing();
        return judgement(0.5);
      },
    });
    await actions.compareModels([
      { kind: 'preset', name: 'a' },
      { kind: 'preset', name: 'b' },
    ]);
    expect(asked.filter((name) => name === 'judgeModel')).toHaveLength(1);
    expect(store.getState().comparison.rows.map(({ key }) => key)).toEqual(['preset:a']);
  });
});
