/** Every objective once through the page: drop a small file of the fitting columns, choose, train, judge, try, export. */
import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { type MetricName, metrics } from '../../src/contract/metrics.ts';
import { type ObjectiveName, objectives } from '../../src/contract/objectives.ts';
import { unzipModelFiles } from '../../src/files/model-files.ts';
import { goTo, sample, serveStudio, setOptions, textFile, trainToEnd, waitForRun } from '../support/studio.ts';

const site = serveStudio(4283);

const read = (name: string) =>
  Papa.parse<string[]>(readFileSync(sample(name), 'utf8'), { skipEmptyLines: true }).data.slice(1);
const pairs = read('pairs-en.csv').slice(0, 80);
const scored = read('scored-en.csv').slice(0, 80);
/** A sentence that is no partner of row i's and stands in no other row, so that rows can be held out. */
const other = (i: number, shift = 7) => `${pairs[(i + shift) % pairs.length]![1]!} (${i}, ${shift})`;

/** A table for each kind of data, as a file's name and rows. */
const tables = {
  pairs: [['anchor', 'positive'], ...pairs],
  negatives: [['anchor', 'positive', 'negative'], ...pairs.map(([a, b], i) => [a, b, other(i)])],
  scored: [['sentence1', 'sentence2', 'score'], ...scored],
  binary: [
    ['question1', 'question2', 'label'],
    ...pairs.flatMap(([a, b], i) => [
      [a, b, '1'],
      [a, other(i), '0'],
    ]),
  ],
  inference: [
    ['premise', 'hypothesis', 'label'],
    ...pairs.flatMap(([a, b], i) => [
      [a, b, 'entailment'],
      [a, other(i), 'contradiction'],
      [a, other(i, 11), 'neutral'],
    ]),
  ],
  /** One column of dictionaries, as a notebook writes a frame of them. */
  dictionaries: [
    ['data'],
    ...pairs.flatMap(([a, b], i) => [
      [`{'sen1': ${JSON.stringify(a)}, 'sen2': ${JSON.stringify(b)}, 'label': 0}`],
      [`{'sen1': ${JSON.stringify(a)}, 'sen2': ${JSON.stringify(other(i))}, 'label': 1}`],
      [`{'sen1': ${JSON.stringify(a)}, 'sen2': ${JSON.stringify(other(i, 11))}, 'label': 2}`],
      [`{'sen1': ${JSON.stringify(a)}, 'sen2': ${JSON.stringify(other(i, 13))}, 'label': -1}`],
    ]),
  ],
} satisfies Record<string, (string | undefined)[][]>;

type Case = [name: ObjectiveName, table: keyof typeof tables, primary: MetricName, sentence?: string];

const cases: Case[] = [
  ['mnrl', 'negatives', 'eval/ndcg_at_10'],
  ['cached-mnrl', 'pairs', 'eval/ndcg_at_10'],
  ['simcse', 'pairs', 'eval/ndcg_at_10'],
  ['simcse-supervised', 'inference', 'eval/spearman_cosine'],
  ['cosine-similarity', 'scored', 'eval/spearman_cosine'],
  ['cosent', 'scored', 'eval/spearman_cosine'],
  ['angle', 'scored', 'eval/spearman_cosine'],
  ['contrastive', 'binary', 'eval/average_precision'],
  ['online-contrastive', 'binary', 'eval/average_precision'],
  ['triplet', 'negatives', 'eval/ndcg_at_10'],
  ['softmax', 'inference', 'eval/accuracy'],
  ['cross-encoder', 'dictionaries', 'eval/accuracy'],
  ['cross-encoder', 'scored', 'eval/spearman'],
];

test('every objective has its turn', () => {
  expect([...new Set(cases.map(([name]) => name))].sort()).toEqual(Object.keys(objectives).sort());
});

test.each(cases)('%s on %s', async (objective, table, primary) => {
  const { page, drop, events: heard } = await site.open();
  await drop(textFile(`${table}.csv`, Papa.unparse(tables[table])));
  await page.getByTestId('slot-train').getByText(`${table}.csv`).waitFor();
  await goTo(page, 'objective');
  const choice = page.getByRole('radio', { name: objectives[objective].label.en, exact: true });
  await choice.waitFor({ state: 'attached' });
  if (!(await choice.isChecked())) await page.getByTestId(`objective-${objective}`).click();
  await expect.poll(() => choice.isChecked()).toBe(true);
  await setOptions(page, { Epochs: '1', 'Batch size': '16', 'Held out': '0.3' });
  await waitForRun(page, 'ready');
  await trainToEnd(page);

  const events = await heard();
  const end = events.at(-1)!;
  if (end.type !== 'finished') throw new Error(JSON.stringify(end));
  expect(end.after.primary).toBe(primary);
  expect(end.after.metrics[primary]).toBeTypeOf('number');
  expect(end.step).toBeGreaterThan(1);

  await goTo(page, 'evaluate');
  await page.getByText(metrics[primary].label.en, { exact: false }).first().waitFor();

  const download = page.waitForEvent('download');
  await page
    .getByRole('button', { name: /^Export/ })
    .first()
    .click();
  const exported = await download;
  expect(exported.suggestedFilename()).toBe(`embedsmith-tiny-${objective}.zip`);
  const files = unzipModelFiles(new Uint8Array(readFileSync(await exported.path())), 'exported');
  const config = JSON.parse(new TextDecoder().decode(files.get('config.json')));
  expect(config.architectures).toEqual([objective === 'cross-encoder' ? 'BertForSequenceClassification' : 'BertModel']);
  expect(files.has('modules.json')).toBe(objective !== 'cross-encoder');
  if (table === 'dictionaries') expect(config.id2label).toEqual({ 0: '0', 1: '1', 2: '2' });
});
