/** The studio's store with a worker that answers from a table. */
import type { CallName, Calls, DownloadProgress, ModelSummary } from '../../src/contract/calls.ts';
import type { DataPlan, TableSummary } from '../../src/contract/data.ts';
import type { Role } from '../../src/contract/objectives.ts';
import type { RunEvent } from '../../src/contract/run.ts';
import { createStudio } from '../../src/store/studio.ts';

export const model: ModelSummary = {
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

export const plan = {
  train: { usable: 9, scoreRange: null, problemCount: 0, problems: [] },
  totalSteps: 3,
  stepsPerEpoch: 1,
  blocked: null,
} as unknown as DataPlan;

export function table(name: string, roles: Role[]): TableSummary {
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

export type Answers = {
  [K in CallName]?: (params: Calls[K]['params']) => Calls[K]['result'] | Promise<Calls[K]['result']>;
};

/** A studio whose worker gives these answers; `asked` has the calls it got, and `emit` and `download` speak for it. */
export function openStudio(answers: Answers = {}) {
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

/** A file whose content nobody reads. */
export const file = (name: string) => new File(['a,b'], name);

/** Until what was put off, as plans are, has begun. */
export const rest = () => new Promise((resolve) => setTimeout(resolve, 260));
