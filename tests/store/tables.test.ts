/** The tables of the studio: files that arrive, are read, asked about, taken away and brought back. */
import { describe, expect, it, vi } from 'vitest';
import type { Calls } from '../../src/contract/calls.ts';
import type { TableSummary } from '../../src/contract/data.ts';
import type { Role } from '../../src/contract/objectives.ts';
import { ProblemError } from '../../src/contract/problems.ts';
import { markOf, obstacle } from '../../src/store/readiness.ts';
import { type Answers, file, model, openStudio, plan, rest, table } from '../support/answered-studio.ts';

describe('data', () => {
  it('hands out the rows left out while an option is invalid', async () => {
    const { actions } = openStudio({ problemsCsv: ({ slot }) => new Blob([slot]) });
    actions.setOption('learningRate', 'fast');
    expect(await (await actions.problemsCsv('train', 'en'))?.text()).toBe('train');
  });

  it('spaces the evaluations by the length of the run, until the user does', async () => {
    const { store, actions } = openStudio({ planData: () => ({ ...plan, totalSteps: 4321 }) });
    await actions.readData('train', new File(['a,b'], 'pairs.csv'));
    await vi.waitFor(() => expect(store.getState().drafts.evaluateEvery).toBe('433'));
    actions.setOption('evaluateEvery', '7');
    await vi.waitFor(() => expect(store.getState().planning).toBe(false));
    expect(store.getState().drafts.evaluateEvery).toBe('7');
  });

  it('a first file loads the default model and is planned, so that Train is free', async () => {
    const { store, actions } = openStudio();
    expect(obstacle(store.getState())).toMatchObject({ kind: 'problem', step: 'data' });
    await actions.readData('train', file('pairs.csv'));
    await rest();
    expect(store.getState().model.summary?.name).toBe('tiny');
    expect(obstacle(store.getState())).toBeNull();
    expect(markOf(store.getState(), 'data')).toBe('done');
  });

  it('a file that cannot be read leaves the one before it in place, with the reason', async () => {
    const { store, actions } = openStudio({
      readData: ({ file: { name } }) => {
        if (name === 'bad') throw new ProblemError({ code: 'file-empty', params: { file: name } });
        return table(name, ['sentence1', 'sentence2']);
      },
    });
    await actions.readData('train', file('good'));
    await actions.readData('train', file('bad'));
    const { slots, errors } = store.getState();
    expect(slots.train).toMatchObject({ reading: false, table: { name: 'good' } });
    expect(errors.train).toMatchObject({ code: 'file-empty' });
    actions.dismiss('train');
    expect(store.getState().errors).toEqual({});
  });

  it('of two readings the later one counts, even if it answers first', async () => {
    let release = (_: TableSummary) => {};
    const { store, actions } = openStudio({
      readData: ({ file: { name } }) =>
        name === 'slow' ? new Promise((resolve) => (release = resolve)) : table(name, ['sentence1', 'sentence2']),
    });
    const slow = actions.readData('train', file('slow'));
    await actions.readData('train', file('fast'));
    release(table('slow', ['sentence1']));
    await slow;
    expect(store.getState().slots.train.table?.name).toBe('fast');
  });

  it('sentences alone choose SimCSE, unless the user has chosen', async () => {
    const sentences: Answers = { readData: ({ file: { name } }) => table(name, ['sentence1']) };
    const first = openStudio(sentences);
    await first.actions.readData('train', file('a'));
    expect(first.store.getState().drafts.objective).toBe('simcse');
    const second = openStudio(sentences);
    second.actions.setOption('objective', 'mnrl');
    await second.actions.readData('train', file('a'));
    expect(second.store.getState().drafts.objective).toBe('mnrl');
  });
});

it('a removed table comes back as it was', async () => {
  const roles: Role[][] = [];
  const { store, actions } = openStudio({
    setRoles: (params) => {
      roles.push(params.roles);
      return table('pairs.csv', params.roles);
    },
  });
  await actions.readData('train', file('pairs.csv'), { header: false });
  await actions.setRole('train', 1, 'ignore');
  await actions.clearData('train');
  expect(store.getState().slots.train).toMatchObject({ table: null, removed: { options: { header: false } } });
  await actions.restoreData('train');
  expect(store.getState().slots.train).toMatchObject({
    table: { name: 'pairs.csv' },
    options: { header: false },
    removed: null,
  });
  expect(roles).toEqual([
    ['sentence1', 'ignore'],
    ['sentence1', 'ignore'],
  ]);
});

describe('files that arrive', () => {
  it('a second table asks what it is for', async () => {
    const { store, actions } = openStudio();
    actions.takeFiles([file('pairs.csv')]);
    await vi.waitFor(() => expect(store.getState().slots.train.table).not.toBeNull());
    actions.takeFiles([file('scored.csv')]);
    await vi.waitFor(() => expect(store.getState().intake).toMatchObject({ kind: 'which-slot' }));
    actions.answerIntake('evaluation');
    await vi.waitFor(() => expect(store.getState().slots.evaluation.table?.name).toBe('scored.csv'));
    expect(store.getState().intake).toBeNull();
  });

  it('of two tables the one with scores is for evaluation, in either order', async () => {
    for (const files of [
      [file('scored.csv'), file('pairs.csv')],
      [file('pairs.csv'), file('scored.csv')],
    ]) {
      const { store, actions } = openStudio();
      actions.takeFiles(files);
      await vi.waitFor(() => {
        const { train, evaluation } = store.getState().slots;
        expect([train.table?.name, evaluation.table?.name]).toEqual(['pairs.csv', 'scored.csv']);
      });
    }
  });

  it('a zip is a model, by name or by content; its pooling and length are taken over', async () => {
    for (const zip of [file('m.zip'), new File([new Uint8Array([0x50, 0x4b, 3, 4])], 'm')]) {
      const { store, actions } = openStudio();
      actions.takeFiles([zip]);
      await vi.waitFor(() => expect(store.getState().drafts).toMatchObject({ pooling: 'cls', maxLength: '48' }));
      expect(store.getState().slots.train.table).toBeNull();
    }
  });

  it('the files of a folder with config.json are a model', async () => {
    const sources: Calls['loadModel']['params'][] = [];
    const { store, actions } = openStudio({
      loadModel: (params) => {
        sources.push(params);
        return model;
      },
    });
    actions.takeFiles([file('m/config.json'), file('m/1_Pooling/config.json'), file('m/model.safetensors')]);
    await vi.waitFor(() => expect(store.getState().model.phase).toBe('ready'));
    expect(sources[0]?.source).toMatchObject({ kind: 'files', files: { length: 3 } });
    expect(store.getState()).toMatchObject({ view: 'model', slots: { train: { table: null } } });
  });

  it('three tables at once are too many', async () => {
    const { store, actions } = openStudio();
    actions.takeFiles([file('a'), file('b'), file('c')]);
    await vi.waitFor(() => expect(store.getState().intake).toEqual({ kind: 'too-many', count: 3 }));
  });
});
