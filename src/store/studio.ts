/** The studio: a store without React, the worker behind it, and the actions between them. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallName, DownloadProgress } from '../contract/calls.ts';
import type { OptionName } from '../contract/catalogue.ts';
import type { Slot } from '../contract/data.ts';
import { problemOf, type Text } from '../contract/problems.ts';
import type { BackendName, RunEvent } from '../contract/run.ts';
import type { TrialProgress } from '../contract/trials.ts';
import type { Client } from '../worker/client.ts';
import { comparisonActions } from './comparison.ts';
import { dataActions } from './data.ts';
import { attempt, type Desk, dismiss } from './desk.ts';
import { bufferEvents } from './eventBuffer.ts';
import { takeFiles } from './intake.ts';
import { linkActions } from './link-actions.ts';
import { modelActions } from './model.ts';
import { overlayActions } from './overlays.ts';
import { resultActions } from './results.ts';
import { isActive } from './run.ts';
import { runActions } from './runs/actions.ts';
import { projectActions } from './runs/project.ts';
import { queueActions } from './runs/queue.ts';
import { sampleFiles } from './sample.ts';
import { freshStudio, type Place, type Studio, type View } from './state.ts';
import { suitDrafts } from './suits.ts';
import { trainingActions } from './training.ts';
import { trialActions } from './trial.ts';

/** Calls that are answered while the device still starts. */
const needNoDevice: ReadonlySet<CallName> = new Set([
  'readData',
  'setRoles',
  'clearData',
  'checkData',
  'problemsCsv',
  'cancelLoad',
  'listCached',
  'removeCached',
  'listRuns',
  'openRun',
  'runInputs',
  'changeRun',
  'removeRuns',
  'exportProject',
  'importProject',
]);

/** Starts the worker and listens to it. */
type Connect = (
  onEvent: (event: RunEvent) => void,
  onDownload: (progress: DownloadProgress) => void,
  onTrial: (progress: TrialProgress) => void,
) => Client;

/** Opens a studio. `backend` forces a device, null lets the adapter decide; the device is started once `due`. */
export function createStudio(connect: Connect, backend: BackendName | null, due = Promise.resolve()) {
  const store: StoreApi<Studio> = createStore<Studio>(() => freshStudio);
  const client = connect(
    bufferEvents((batch) => {
      training.takeEvents(batch);
      // The run stands in the table once it was judged for the first time.
      if (batch.some(({ event }) => event.type === 'evaluation' && event.step === 0)) void runs.listRuns();
      // What was compared before the run is compared again with what the run has made of the model.
      if (get().trial.result && batch.some(({ event }) => event.type === 'finished')) void trial.compare();
    }),
    (download) => set({ download }),
    (progress) => set(({ trial }) => (trial.busy ? { trial: { ...trial, progress } } : {})),
  );
  const started = due.then(() => client.call('startEngine', { backend }));
  const desk: Desk = {
    get: store.getState,
    set: (change) => store.setState(change),
    ask: async (name, params) => {
      if (!needNoDevice.has(name)) await started;
      return client.call(name, params);
    },
  };
  const { get, set } = desk;
  const training = trainingActions(desk, () => {
    void runs.listRuns();
    queue.advance();
  });
  const trial = trialActions(desk);
  const model = modelActions(desk, () => data.replan());
  const data = dataActions(desk, model.loadModel);
  const comparison = comparisonActions(desk);
  const results = resultActions(desk);
  const overlays = overlayActions(desk);
  const queue = queueActions(desk, training, () => runs.sortBy({ by: 'result', descending: true }));
  const runs = runActions(desk, { data, model, training, overlays });
  const project = projectActions(desk, runs.listRuns, data.replan);

  started.then(
    (info) => set({ engine: { phase: 'ready', info, problem: null } }),
    (error) => set({ engine: { phase: 'failed', info: null, problem: problemOf(error) } }),
  );

  const actions = {
    ...data,
    ...model,
    ...training,
    ...trial,
    ...comparison,
    ...results,
    ...overlays,
    ...runs,
    ...queue,
    ...project,
    ...linkActions(desk, model, data.replan),
    show: (view: View) => set({ view }),
    dismiss: (place: Place) => dismiss(desk, place),
    dismissStorageNote: () => set(({ run }) => ({ run: { ...run, storageFull: false } })),
    /** Writes an option, as typed. Another objective brings its own defaults for what the user has not set. */
    setOption(name: OptionName, draft: string): void {
      set((state) => {
        const chosen = new Set([...state.chosen, name]);
        return { chosen, drafts: suitDrafts({ ...state, chosen, drafts: { ...state.drafts, [name]: draft } }) };
      });
      data.replan();
    },
    /** Lets an option follow the objective, the model and the data again. */
    resetOption(name: OptionName): void {
      set((state) => {
        const chosen = new Set([...state.chosen].filter((each) => each !== name));
        return { chosen, drafts: suitDrafts({ ...state, chosen }) };
      });
      data.replan();
    },
    takeFiles(files: readonly File[]): void {
      if (isActive(get().run)) return;
      void takeFiles(desk, files, { ...data, ...model, ...project });
    },
    /** The answer to which slot a dropped file is for; null takes it back. */
    answerIntake(slot: Slot | null): void {
      const { intake } = get();
      set({ intake: null });
      if (slot && intake?.kind === 'which-slot') void data.readData(slot, intake.file);
    },
    /** Sample data, evaluation data and, where none is loaded, the default model. */
    async loadSample(language: keyof Text): Promise<void> {
      set(({ slots }) => ({ slots: { ...slots, train: { ...slots.train, reading: true } } }));
      const files = await attempt(desk, 'train', () => sampleFiles(language));
      if (files)
        await Promise.all([data.readData('train', files.train), data.readData('evaluation', files.evaluation)]);
      else set(({ slots }) => ({ slots: { ...slots, train: { ...slots.train, reading: false } } }));
    },
  };

  return { store, actions, close: client.close };
}
