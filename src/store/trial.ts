/** The actions behind Try: what is typed there, and the questions that the model answers. */
import type { RunConfig } from '../contract/catalogue.ts';
import type { SamplePair } from '../contract/trials.ts';
import { attempt, type Desk } from './desk.ts';
import { configOf } from './options.ts';
import { linesOf } from './try/lines.ts';
import { dataMark, type TrialState, type TryTab, tryObstacle, weightsMark } from './try/state.ts';

/** Pairs of the data that examples are taken from. */
const sampleLimit = 1000;

/** Sentences that “take from my data” puts in the list. */
const listLength = 60;

export function trialActions(desk: Desk) {
  const { get, set, ask } = desk;
  const edit = (change: Partial<TrialState>) => set(({ trial }) => ({ trial: { ...trial, ...change } }));
  const config = (): RunConfig | null => configOf(get().drafts, get().model.summary);

  /** Asks one question at a time, and only while no run computes. */
  async function question<T>(
    tab: TryTab,
    work: (config: RunConfig) => Promise<T | null>,
  ): Promise<(T & { at: string }) | null> {
    const used = config();
    if (!used || get().trial.busy || tryObstacle(get())) return null;
    const at = (tab === 'matrix' || tab === 'map' ? dataMark : weightsMark)(get());
    edit({ busy: tab, progress: null });
    const answer = await attempt(desk, 'try', () => work(used));
    edit({ busy: null, progress: null });
    return answer && { ...answer, at };
  }

  async function compare(): Promise<void> {
    const { texts } = get().trial;
    const result = await question('pair', async (config) => {
      const trial = await ask('tryPair', { texts, config });
      return trial && { texts, trial };
    });
    if (result) edit({ result });
  }

  /** Ranks the list's sentences by their likeness to one of them. */
  async function findNeighbours(query: string): Promise<void> {
    const { lines: texts } = linesOf(get().trial.list);
    const neighbours = await question('neighbours', async (config) => {
      const ranking = await ask('rankTexts', { query, texts, config });
      return ranking && { query, texts, ranking };
    });
    if (neighbours) edit({ neighbours });
  }

  async function search(): Promise<void> {
    const { corpus, query: typed } = get().trial;
    const query = typed.trim();
    const { lines: texts } = linesOf(corpus);
    if (query === '' || texts.length === 0) return;
    const hits = await question('search', async (config) => {
      const ranking = await ask('rankTexts', { query, texts, config });
      return ranking && { query, texts, ranking };
    });
    if (hits) edit({ hits });
  }

  async function showMatrix(): Promise<void> {
    const { matrixSize: count } = get().trial;
    const matrix = await question('matrix', (config) => ask('similarityMatrix', { count, config }));
    if (matrix) edit({ matrix });
  }

  async function showMap(): Promise<void> {
    const { method } = get().trial;
    const map = await question('map', (config) => ask('embeddingMap', { method, config }));
    if (map) set(({ trial }) => ({ trial: { ...trial, maps: { ...trial.maps, [method]: map } } }));
  }

  /** Needs nothing but the tokenizer, so it is asked at each change, also during a run. */
  async function showTokens(text: string): Promise<void> {
    edit({ tokenText: text });
    const used = config();
    if (!used || !get().model.summary) return;
    const view = await attempt(desk, 'try', () => ask('viewTokens', { text, config: used }));
    if (view && get().trial.tokenText === text) edit({ tokens: { text, view } });
  }

  /** Pairs of the data; none where there is no data. */
  async function loadSamples(): Promise<readonly SamplePair[]> {
    const { trial, slots, plan } = get();
    const used = config();
    if (trial.samples && trial.samples.plan === plan) return trial.samples.pairs;
    if (!used || !slots.train.table) return [];
    const pairs = await attempt(desk, 'try', () => ask('samplePairs', { limit: sampleLimit, config: used }));
    if (pairs) edit({ samples: { plan, pairs } });
    return pairs ?? [];
  }

  /** The different sentences of the data: a list's worth, or, for a search, all that were asked for. */
  async function takeFromData(into: 'list' | 'corpus'): Promise<void> {
    const samples = await loadSamples();
    const texts = [...new Set(samples.flatMap(({ first, second }) => [first, second]))].filter((text) => text !== '');
    const lines = texts.map((text) => text.replace(/\s+/g, ' '));
    edit(into === 'list' ? { list: lines.slice(0, listLength).join('\n') } : { corpus: lines.join('\n') });
  }

  /** The pair of the data after the one that is shown; false where the data has none. */
  async function takePair(): Promise<boolean> {
    const pairs = (await loadSamples()).filter(({ second }) => second !== '');
    const { texts } = get().trial;
    const shown = pairs.findIndex(({ first, second }) => first === texts[0] && second === texts[1]);
    const next = pairs[(shown + 1) % pairs.length];
    if (next) edit({ texts: [next.first, next.second] });
    return next !== undefined;
  }

  return {
    editTrial: edit,
    setTrialText: (index: 0 | 1, text: string): void => {
      const { texts } = get().trial;
      edit({ texts: index === 0 ? [text, texts[1]] : [texts[0], text] });
    },
    swapTrialTexts: (): void => edit({ texts: [get().trial.texts[1], get().trial.texts[0]] }),
    compare,
    findNeighbours,
    search,
    showMatrix,
    showMap,
    showTokens,
    takeFromData,
    takePair,
    /** Ends the question under way; what was embedded for it stays known. */
    cancelTrial: async (): Promise<void> => {
      await attempt(desk, 'try', () => ask('cancelTrial', null));
    },
  };
}
