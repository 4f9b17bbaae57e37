/** The studio: a store without React, the worker behind it, and the actions between them. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallName } from '../contract/calls.ts';
import type { OptionName } from '../contract/catalogue.ts';
import type { Slot } from '../contract/data.ts';
import { problemOf, type Text } from '../contract/problems.ts';
import type { BackendName, RunEvent } from '../contract/run.ts';
import type { Client } from '../worker/client.ts';
import { dataActions } from './data.ts';
import { attempt, type Desk, dismiss } from './desk.ts';
import { bufferEvents } from './eventBuffer.ts';
import { takeFiles } from './intake.ts';
import { modelActions } from './model.ts';
import { isActive } from './run.ts';
import { sampleFiles } from './sample.ts';
import { freshStudio, type Place, type Step, type Studio } from './state.ts';
import { trainingActions } from './training.ts';
import { trialActions } from './trial.ts';

/** Calls that are answered while the device still starts. */
const needNoDevice: ReadonlySet<CallName> = new Set(['readData', 'setRoles', 'clearData', 'problemsCsv']);

/** Opens a studio. `connect` starts the worker; `backend` forces a device, null lets the adapter decide. */
export function createStudio(connect: (onEvent: (event: RunEvent) => void) => Client, backend: BackendName | null) {
  const store: StoreApi<Studio> = createStore<Studio>(() => freshStudio);
  const client = connect(
    bufferEvents((batch) => {
      training.takeEvents(batch);
      // What was compared before the run is compared again with what the run has made of the model.
      if (get().trial.result && batch.some(({ event }) => event.type === 'finished')) void trial.compare();
    }),
  );
  const started = client.call('startEngine', { backend });
  const desk: Desk = {
    get: store.getState,
    set: (change) => store.setState(change),
    ask: async (name, params) => {
      if (!needNoDevice.has(name)) await started;
      return client.call(name, params);
    },
  };
  const { get, set } = desk;
  const training = trainingActions(desk);
  const trial = trialActions(desk);
  const model = modelActions(desk, () => data.replan());
  const data = dataActions(desk, model.loadModel);

  started.then(
    (info) => set({ engine: { phase: 'ready', info, problem: null } }),
    (error) => set({ engine: { phase: 'failed', info: null, problem: problemOf(error) } }),
  );

  const actions = {
    ...data,
    ...model,
    ...training,
    ...trial,
    show: (view: Step) => set({ view }),
    dismiss: (place: Place) => dismiss(desk, place),
    /** Writes an option, as typed. */
    setOption(name: OptionName, draft: string): void {
      set(({ drafts, chosen }) => ({ drafts: { ...drafts, [name]: draft }, chosen: new Set([...chosen, name]) }));
      data.replan();
    },
    takeFiles(files: readonly File[]): void {
      if (isActive(get().run)) return;
      set({ view: files.every((file) => /\.zip$/i.test(file.name)) ? 'model' : 'data' });
      void takeFiles(desk, files, { ...data, ...model });
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
