/**
 * A million short pairs on their way into a run: read, divided, planned, tokenised, collated. The rows are made from a seed.
 *
 *     npm run bench:data [-- --rows N] [-- --browser] [-- --model NAME]
 *
 * prints a JSON line a phase: seconds, and the memory of the process (in the browser, of all its processes) in MB. In Node
 * one thread tokenises, in the browser (the studio itself, in Chromium) several workers do.
 */
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, openAsBlob, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { openNamedModel } from '../../src/cli/model-folder.ts';
import { defaultConfig } from '../../src/contract/catalogue.ts';
import { drawIndex, type Random, seedRandom } from '../../src/data/shuffle.ts';
import { loadModel } from '../../src/files/load-model.ts';
import { collate } from '../../src/training/batches.ts';
import { planTraining } from '../../src/training/plan.ts';
import { createDatasets } from '../../src/worker/datasets.ts';
import { tokenizeExamples } from '../../src/worker/tokenize.ts';
import { measureStudio } from './data-in-browser.ts';

const vocabulary = readFileSync(new URL('../../public/presets/embedsmith-tiny/vocab.txt', import.meta.url), 'utf8');
const entries = vocabulary.split('\n');
const words = entries.filter((entry) => /^[a-z]{2,}$/.test(entry));
const characters = entries.filter((entry) => /^\p{Script=Han}$/u.test(entry));

/** Small indices far more often than large ones, as words are in texts. */
const drawOften = (random: Random, count: number) => Math.floor(count ** (drawIndex(random, 1 << 20) / (1 << 20)));

/** A name, a number or a slip that few other rows have. */
const drawRare = (random: Random) => words[drawIndex(random, 250)]! + words[words.length - 1 - drawIndex(random, 250)]!;

/** Six to sixteen words, one in eight of them rare; every fifth row Chinese. */
function writeSentence(random: Random, chinese: boolean): string {
  const length = 6 + drawIndex(random, 11);
  const draw = () => {
    if (chinese) return characters[drawOften(random, characters.length)]!;
    return drawIndex(random, 8) ? words[drawOften(random, words.length)]! : drawRare(random);
  };
  const drawn = Array.from({ length }, draw);
  if (chinese) return `${drawn.join('')}。`;
  const [first, ...rest] = drawn as [string, ...string[]];
  return [first[0]!.toUpperCase() + first.slice(1), ...rest].join(' ').concat('.');
}

async function writeRows(path: string, rows: number): Promise<void> {
  const random = seedRandom(1);
  const stream = createWriteStream(path);
  stream.write('sentence1,sentence2\n');
  for (let row = 0; row < rows; row++) {
    const line = `${writeSentence(random, row % 5 === 4)},${writeSentence(random, row % 5 === 4)}\n`;
    if (!stream.write(line)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
}

const print = (line: object) => console.log(JSON.stringify(line));
const round = (value: number) => Number(value.toFixed(value < 0.01 ? 6 : 2));

async function measureNode(path: string, model: string): Promise<void> {
  const { files, name } = await openNamedModel(model);
  const loaded = loadModel(files, name);
  const datasets = createDatasets();
  const begin = { at: performance.now(), cpu: process.cpuUsage() };
  let last = begin;
  const mark = (phase: string, figures: object = {}, since = last) => {
    const seconds = (performance.now() - since.at) / 1000;
    const { user, system } = process.cpuUsage(since.cpu);
    const megabytes = Math.round(process.memoryUsage.rss() / 1e6);
    print({ phase, seconds: round(seconds), cpuSeconds: round((user + system) / 1e6), megabytes, ...figures });
    last = { at: performance.now(), cpu: process.cpuUsage() };
  };
  print({ phase: 'begin', megabytes: Math.round(process.memoryUsage.rss() / 1e6) });

  const { rowCount } = await datasets.read('train', new File([await openAsBlob(path)], 'rows.csv'), {});
  mark('read', { rows: rowCount });
  const config = { ...defaultConfig, epochs: 1 };
  const { examples } = datasets.prepare(config);
  mark('prepare', { examples: examples.count, texts: examples.texts.length });
  const plan = planTraining(examples, config, true);
  mark('plan', { steps: plan.totalSteps });
  const rows = await tokenizeExamples(loaded, examples, {
    maxLength: config.maxLength,
    packed: false,
    onProgress: () => {},
    stop: new AbortController().signal,
  });
  mark('tokenise', { texts: examples.texts.length });
  mark('all', { peakMegabytes: Math.round((process.resourceUsage().maxRSS * 1024) / 1e6) }, begin);

  const batches = plan.steps(0).slice(0, 2000);
  last = { at: performance.now(), cpu: process.cpuUsage() };
  let tokens = 0;
  for (const [batch] of batches) tokens += collate(examples, batch!, config.objective, rows!).tokens.ids.length;
  const seconds = (performance.now() - last.at) / 1000 / batches.length;
  print({ phase: 'collate a step', seconds: round(seconds), pairs: config.batchSize, tokens: tokens / batches.length });
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string', default: '1000000' },
      browser: { type: 'boolean', default: false },
      model: { type: 'string', default: 'embedsmith-tiny' },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'embedsmith-'));
  const path = join(folder, 'rows.csv');
  try {
    await writeRows(path, Number(values.rows));
    if (values.browser) await measureStudio(path, print);
    else await measureNode(path, values.model);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
