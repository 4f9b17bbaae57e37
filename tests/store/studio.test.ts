/** The studio from the device to a run and a trial. */
import { describe, expect, it } from 'vitest';
import type { Calls } from '../../src/contract/calls.ts';
import { ProblemError } from '../../src/contract/problems.ts';
import { obstacle } from '../../src/store/readiness.ts';
import { type Answers, file, openStudio, rest } from '../support/answered-studio.ts';

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
