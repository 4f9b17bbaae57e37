/** What the Try step shows: one part for each of its tabs. */
import type { Trial } from '../../contract/calls.ts';
import type { DataPlan } from '../../contract/data.ts';
import type {
  EmbeddingMap,
  MapMethod,
  Ranking,
  SamplePair,
  SimilarityMatrix,
  TokenView,
  TrialProgress,
} from '../../contract/trials.ts';
import type { Studio } from '../state.ts';

export const tryTabs = ['pair', 'neighbours', 'search', 'tokens', 'matrix', 'map'] as const;
export type TryTab = (typeof tryTabs)[number];

/** An answer, and the mark of the weights that gave it. */
type Answered<T> = T & { at: string };

/** One query ranked against texts. */
export type Ranked = { query: string; texts: readonly string[]; ranking: Ranking };

export type TrialState = {
  tab: TryTab;
  /** The tab whose question is under way. */
  busy: TryTab | null;
  progress: TrialProgress | null;
  /** Two sentences, as typed. */
  texts: readonly [string, string];
  result: Answered<{ texts: readonly [string, string]; trial: Trial }> | null;
  /** Sentences, one a line, and the one whose neighbours are shown. */
  list: string;
  neighbours: Answered<Ranked> | null;
  /** Texts to search, one a line, and what to search for. */
  corpus: string;
  query: string;
  hits: Answered<Ranked> | null;
  /** A text to tokenise, and its tokens. */
  tokenText: string;
  tokens: { text: string; view: TokenView } | null;
  /** Pairs of the matrix. */
  matrixSize: number;
  matrix: Answered<SimilarityMatrix> | null;
  method: MapMethod;
  maps: Partial<Record<MapMethod, Answered<EmbeddingMap>>>;
  /** Pairs of the user's data to try with, and the plan of that data; null until asked for. */
  samples: { plan: DataPlan | null; pairs: readonly SamplePair[] } | null;
};

export const freshTrial: TrialState = {
  tab: 'pair',
  busy: null,
  progress: null,
  texts: ['', ''],
  result: null,
  list: '',
  neighbours: null,
  corpus: '',
  query: '',
  hits: null,
  tokenText: '',
  tokens: null,
  matrixSize: 24,
  matrix: null,
  method: 'pca',
  maps: {},
  samples: null,
};

/** What a model said goes with the model; what the user wrote stays. */
export function forgetAnswers(trial: TrialState): TrialState {
  return { ...trial, result: null, neighbours: null, hits: null, tokens: null, matrix: null, maps: {} };
}

/** Changes when the weights do, as far as Try can see them. */
export function weightsMark({ run, model }: Pick<Studio, 'run' | 'model'>): string {
  return `${model.summary?.name} ${run.id} ${run.step} ${run.phase === 'finished' || run.phase === 'failed'}`;
}

/** {@link weightsMark}, of an answer that the data is part of, too. */
export function dataMark(state: Pick<Studio, 'run' | 'model' | 'slots'>): string {
  const { train, evaluation } = state.slots;
  const tables = [train, evaluation].map(({ table }) => `${table?.name} ${table?.rowCount}`);
  return [weightsMark(state), ...tables].join(' ');
}

/** Why the model cannot be asked now. */
export type TryObstacle = 'no-model' | 'running';

export function tryObstacle({ model, run }: Pick<Studio, 'run' | 'model'>): TryObstacle | null {
  if (!model.summary || model.phase === 'loading') return 'no-model';
  return run.phase === 'starting' || run.phase === 'running' ? 'running' : null;
}
