/** `npm run train`: the same engine without the page. Prints a run's events as JSON lines, and a last line with before and after. */
import { existsSync, openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import {
  defaultConfig,
  defaultsFor,
  type Option,
  type OptionName,
  optionEntries,
  type RunConfig,
} from '../contract/catalogue.ts';
import { checkOption, suitEvaluateEvery } from '../contract/config.ts';
import type { ReadOptions, Slot } from '../contract/data.ts';
import { metrics } from '../contract/metrics.ts';
import { type ObjectiveName, objectives, type Role, roles } from '../contract/objectives.ts';
import { defaultPreset, presets } from '../contract/presets.ts';
import { fail, ProblemError, sayProblem } from '../contract/problems.ts';
import type { RunEvent } from '../contract/run.ts';
import { createDatasets } from '../worker/datasets.ts';
import { createEngine } from '../worker/engine.ts';
import { keepTiles } from '../worker/kept-tiles.ts';
import { cacheFolder, createFolderStore } from './folder-store.ts';
import { openNamedModel } from './model-folder.ts';
import { wasmBuilds } from './wasm-builds.ts';
import { offerDawn } from './webgpu-in-node.ts';

/** `learningRate` is `--learning-rate`. */
const flagOf = (option: string) => option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function describeOption(name: OptionName, option: Option): string {
  const range = option.kind === 'choice' ? Object.keys(option.choices).join('|') : `${option.min} … ${option.max}`;
  const suits = Object.entries(option.suits ?? {}).map(([objective, value]) => `, for ${objective} ${value}`);
  const flag = `--${flagOf(name)}`.padEnd(22);
  const values =
    option.kind === 'list'
      ? `numbers ${range}, separated by commas; default none`
      : `${range}, default ${option.default}`;
  const effects =
    option.kind === 'choice'
      ? ''
      : `\n  ${''.padEnd(22)} Larger: ${option.larger.en}\n  ${''.padEnd(22)} Smaller: ${option.smaller.en}`;
  return `  ${flag} ${option.help.en}${effects}\n  ${''.padEnd(22)} ${values}${suits.join('')}`;
}

const help = `Usage: npm run train -- --train FILE [--eval FILE] [--export OUT.zip] [options]

  --train FILE       CSV, TSV, JSONL or text to train on
  --eval FILE        pairs to evaluate on; without it a share of the training file is held out
  --preset MODEL     ${presets.map(({ name }) => name).join(', ')}, a hub's owner/name[@revision],
                     a model's folder, or an exported zip (default ${defaultPreset})
  --export OUT.zip   where the sentence-transformers folder goes
  --roles LIST       the training file's columns, in order: ${Object.keys(roles).join(', ')} (guessed without)
  --header yes|no    whether its first row holds the names; --delimiter CHARACTER separates its columns (guessed without)
  --eval-roles, --eval-header, --eval-delimiter   the same for the evaluation file
  --backend NAME     wasm or webgpu (default wasm)

${optionEntries.map(([name, option]) => describeOption(name, option)).join('\n')}`;

const flags = {
  train: { type: 'string' },
  eval: { type: 'string' },
  preset: { type: 'string', default: defaultPreset },
  export: { type: 'string' },
  roles: { type: 'string' },
  header: { type: 'string' },
  delimiter: { type: 'string' },
  'eval-roles': { type: 'string' },
  'eval-header': { type: 'string' },
  'eval-delimiter': { type: 'string' },
  backend: { type: 'string', default: 'wasm' },
  help: { type: 'boolean' },
} as const;

const optionFlags = Object.fromEntries(optionEntries.map(([name]) => [flagOf(name), { type: 'string' as const }]));

/** A value of the command line as its option has it. */
function readValue({ kind }: Option, given: string): unknown {
  if (kind === 'choice') return given;
  return kind === 'number' ? Number(given) : given.split(',').filter(Boolean).map(Number);
}

/** The objective's defaults, then what a loaded export brings, then what the command line says. */
function readConfig(values: Record<string, unknown>, model: Partial<RunConfig>): RunConfig {
  const named = values.objective;
  const objective = Object.keys(objectives).find((name): name is ObjectiveName => name === named);
  const config: Record<string, unknown> = { ...defaultsFor(objective ?? defaultConfig.objective), ...model };
  for (const [name, option] of optionEntries) {
    const given = values[flagOf(name)];
    if (typeof given !== 'string') continue;
    config[name] = readValue(option, given);
    const wrong = checkOption(name, config[name]);
    if (wrong) throw new Error(`--${flagOf(name)} ${given}: ${sayProblem(wrong)}`);
  }
  return config as RunConfig;
}

function readRoles(list: string): Role[] {
  return list.split(',').map((role) => {
    if (!Object.hasOwn(roles, role)) throw new Error(`“${role}” is no role; use ${Object.keys(roles).join(', ')}.`);
    return role as Role;
  });
}

/** How a file is to be read, where the command line says so. */
function readOptions(values: Partial<Record<string, string | boolean>>, prefix: string): ReadOptions {
  const header = values[`${prefix}header`];
  const delimiter = values[`${prefix}delimiter`];
  if (header !== undefined && header !== 'yes' && header !== 'no')
    throw new Error(`--${prefix}header ${header}: use yes or no.`);
  return {
    ...(header === undefined ? {} : { header: header === 'yes' }),
    ...(typeof delimiter === 'string' ? { delimiter } : {}),
  };
}

async function openFile(path: string): Promise<File> {
  if (!existsSync(path)) fail('file-unreadable', { file: path, reason: 'there is no such file' });
  return new File([await openAsBlob(path)], basename(path));
}

function summarize(event: RunEvent & { type: 'finished' }): string {
  const { before, after, best } = event;
  const [from, to] = [before, after].map((report) => report.metrics[after.primary]);
  const say = (value: number | null | undefined) => value?.toFixed(4) ?? 'not defined';
  const summary = `${metrics[after.primary].label.en} ${say(from)} → ${say(to)} on ${after.pairs} pairs`;
  return JSON.stringify({ type: 'summary', summary, metric: after.primary, before: from, after: to, best });
}

async function trainFromCommandLine(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...flags, ...optionFlags }, strict: true });
  if (values.help || !values.train) {
    console.log(help);
    return values.help ? 0 : 2;
  }
  const { backend } = values;
  if (backend !== 'wasm' && backend !== 'webgpu') throw new Error(`--backend ${backend}: use wasm or webgpu.`);
  if (backend === 'webgpu') await offerDawn();

  const datasets = createDatasets();
  const slots: [Slot, '' | 'eval-', string | undefined][] = [
    ['train', '', values.train],
    ['evaluation', 'eval-', values.eval],
  ];
  for (const [slot, prefix, path] of slots) {
    if (!path) continue;
    const table = await datasets.read(slot, await openFile(path), readOptions(values, prefix));
    const list = values[`${prefix}roles`];
    const { columns } = list ? datasets.setRoles(slot, readRoles(list)) : table;
    console.log(JSON.stringify({ type: 'data', slot, file: path, rows: table.rowCount, columns }));
  }

  let finished: (RunEvent & { type: 'finished' }) | null = null;
  let failed = false;
  const tiles = keepTiles(async () => createFolderStore(cacheFolder()));
  const engine = createEngine(
    (event) => {
      console.log(JSON.stringify(event));
      if (event.type === 'finished') finished = event;
      if (event.type === 'failed') {
        failed = true;
        console.error(sayProblem(event.problem));
      }
    },
    { tiles },
  );
  console.log(JSON.stringify({ type: 'device', ...(await engine.start(backend, wasmBuilds)) }));
  const { files, name } = await openNamedModel(values.preset);
  const model = engine.load(files, name);
  console.log(JSON.stringify({ type: 'model', ...model }));
  const config = readConfig(values, {
    maxLength: Math.min(model.maxLength ?? defaultConfig.maxLength, model.maxPositions),
    pooling: model.pooling ?? defaultConfig.pooling,
  });
  process.once('SIGINT', () => engine.stop());
  const data = datasets.prepare(config);
  if (!('evaluate-every' in values)) {
    config.evaluateEvery = suitEvaluateEvery(engine.plan(data, config).totalSteps);
  }
  await engine.run('cli', config, data);
  if (values.export && finished) {
    const { bytes } = await engine.export();
    await writeFile(values.export, bytes);
    console.log(JSON.stringify({ type: 'exported', file: values.export, bytes: bytes.length }));
  }
  if (finished) console.log(summarize(finished));
  return failed ? 1 : 0;
}

/** @returns the exit status: 0, 1 where the run failed, 2 where the command line is not right */
export async function main(args: string[]): Promise<number> {
  try {
    return await trainFromCommandLine(args);
  } catch (error) {
    console.error((error as Error).message);
    return error instanceof ProblemError ? 1 : 2;
  }
}
