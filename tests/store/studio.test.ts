/** The studio with a worker that answers from a table. */
import { describe, expect, it, vi } from 'vitest';
import type { CallName, Calls, DownloadProgress, ModelJudgement, ModelSummary } from '../../src/contract/calls.ts';
import type { DataPlan, TableSummary } from '../../src/contract/data.ts';
import type { Role } from '../../src/contract/objectives.ts';
import { ProblemError } from '../../src/contract/problems.ts';
import type { RunEvent } from '../../src/contract/run.ts';
import { bestRow } from '../../src/store/comparison.ts';
import { markOf, obstacle } from '../../src/store/readiness.ts';
import { createStudio } from '../../src/store/studio.ts';

const model: ModelSummary = {
  name: 'tiny',
  parameters: 1,
  layers: 1,
  hidden: 2,
  heads: 1,
  vocabulary: 9,
  maxPositions: 128,
  sizes: {
    layers: 1,
    hidden: 2,
    intermediate: 4,
    heads: 1,
    vocabulary: 9,
    positions: 128,
    types: 2,
    halvable: true,
    pooler: false,
  },
  pooling: 'cls',
  normalize: null,
  maxLength: 48,
  labels: null,
};

const plan = {
  train: { usable: 9, scoreRange: null, problemCount: 0, problems: [] },
  totalSteps: 3,
  stepsPerEpoch: 1,
  blocked: null,
} as unknown as DataPlan;

function table(name: string, roles: Role[]): TableSummary {
  const columns = roles.map((role) => ({ name: role, role }));
  return {
    name,
    format: 'delimited',
    delimiter: ',',
    encoding: 'utf-8',
    header: true,
    columns,
    expanded: null,
    facts: {
      paired: roles.includes('sentence2'),
      negatives: 0,
      similarity: roles.includes('score') ? 'graded' : null,
      classes: null,
      contrasts: false,
    },
    rowCount: 9,
    preview: [],
  };
}

type Answers = { [K in CallName]?: (params: Calls[K]['params']) => Calls[K]['result'] | Promise<Calls[K]['result']> };

function openStudio(answers: Answers = {}) {
  const asked: CallName[] = [];
  const all: Answers = {
    startEngine: () => ({ name: 'wasm', adapter: '', software: false, reason: 'no-webgpu', threads: 2 }),
    readData: ({ file }) =>
      table(file.name, file.name.includes('scored') ? ['sentence1', 'sentence2', 'score'] : ['sentence1', 'sentence2']),
    clearData: () => null,
    planData: () => plan,
    checkData: () => ({ findings: [], longest: null }),
    loadModel: () => model,
    listCached: () => [],
    cancelLoad: () => null,
    ...answers,
  };
  let emit: (event: RunEvent) => void = () => {};
  let download: (progress: DownloadProgress) => void = () => {};
  const studio = createStudio((onEvent, onDownload) => {
    emit = onEvent;
    download = onDownload;
    return {
      close() {},
      async call(name, params) {
        asked.push(name);
        const handle = all[name] as ((given: typeof params) => never) | undefined;
        if (!handle) throw new Error(`no answer to ${name}`);
        return handle(params);
      },
    };
  }, null);
  return {
    ...studio,
    asked,
    emit: (event: RunEvent) => emit(event),
    download: (progress: DownloadProgress) => download(progress),
  };
}

const file = (name: string) => new File(['a,b'], name);
const rest = () => new Promise((resolve) => setTimeout(resolve, 260));

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

describe('a run', () => {
  async function readyStudio(answers: Answers = {}) {
    const studio = openStudio(answers);
    await studio.actions.readData('train', file('pairs.csv'));
    await rest();
    return studio;
  }

  it('starts with the options as typed and shows its events', async () => {
    let given: Calls['startRun']['params'] | null = null;
    const { store, actions, emit } = await readyStudio({
      startRun: (params) => {
        given = params;
        return null;
      },
    });
    actions.setOption('epochs', '7');
    await actions.startRun();
    expect(given!.config.epochs).toBe(7);
    const { runId, config } = given!;
    emit({
      runId,
      step: 0,
      type: 'started',
      config,
      totalSteps: 9,
      stepsPerEpoch: 3,
      trainExamples: 9,
      evaluationPairs: 0,
    });
    expect(store.getState()).toMatchObject({ view: 'train', run: { phase: 'running', totalSteps: 9 } });
    expect(store.getState().model.trainedBy).toBe(config.objective);
    await actions.loadModel({ kind: 'preset', name: 'tiny' });
    expect(store.getState().model.trainedBy).toBeNull();
  });

  it('that the worker refuses fails with the reason', async () => {
    const { store, actions } = await readyStudio({
      startRun: () => {
        throw new ProblemError({ code: 'run-active', params: {} });
      },
    });
    await actions.startRun();
    expect(store.getState().run).toMatchObject({ phase: 'failed', problem: { code: 'run-active' } });
  });

  it('does not start while an option is wrong, and the typed value stays', async () => {
    const { store, actions, asked } = await readyStudio();
    actions.setOption('epochs', '0.5');
    await actions.startRun();
    expect(asked).not.toContain('startRun');
    expect(store.getState().drafts.epochs).toBe('0.5');
    expect(obstacle(store.getState())).toEqual({ kind: 'options', count: 1, step: 'objective' });
  });
});

it('a device that cannot start is told once, and holds Train back', async () => {
  const { store, actions } = openStudio({
    startEngine: () => {
      throw new ProblemError({ code: 'webgpu-missing', params: {} });
    },
  });
  await actions.readData('train', file('pairs.csv'));
  await rest();
  expect(store.getState().slots.train.table?.name).toBe('pairs.csv');
  expect(obstacle(store.getState())).toMatchObject({ kind: 'problem', problem: { code: 'webgpu-missing' } });
});

it('asks what the model makes of two sentences', async () => {
  const { store, actions } = openStudio({
    tryPair: ({ texts }) => ({ kind: 'score', before: null, now: texts.length }),
  });
  await actions.loadModel({ kind: 'preset', name: 'tiny' });
  actions.setTrialText(0, 'a');
  actions.setTrialText(1, 'b');
  await actions.compare();
  expect(store.getState().trial.result).toMatchObject({
    texts: ['a', 'b'],
    trial: { kind: 'score', before: null, now: 2 },
  });
});

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
