/** The benchmark's command line, read and checked. */
import { type BackendName, backendNames, type EngineName, engineNames } from './engines/engine.ts';
import { type LengthsName, lengthNames } from './lengths.ts';
import { type ModelName, models } from './models.ts';

export type BenchOptions = {
  models: ModelName[];
  pairs: number[];
  tokens: number[];
  lengths: LengthsName[];
  engines: EngineName[];
  backends: BackendName[];
  /** Threads of WASM and of PyTorch on the CPU; null for those of the machine. */
  threads: number | null;
  /** Timed rounds; in half of them the engines take their turns in reversed order. */
  rounds: number;
  /** Milliseconds of work a round should have for each engine; a step that takes longer is timed alone. */
  roundMilliseconds: number;
  /** Print the kernels of a step. */
  kernels: boolean;
  browser: boolean;
  json: string | null;
  pack: string | null;
};

const full = {
  models: Object.keys(models) as ModelName[],
  pairs: [16, 64, 256],
  tokens: [32, 128],
  lengths: [...lengthNames],
  engines: [...engineNames],
  backends: [...backendNames],
  threads: null,
  rounds: 6,
  roundMilliseconds: 300,
  kernels: false,
  browser: false,
  json: null,
  pack: null,
} satisfies BenchOptions;

/** What a software adapter and two cores do within ten minutes. */
const quick = {
  ...full,
  models: ['tiny'],
  pairs: [16],
  tokens: [32],
  rounds: 2,
  roundMilliseconds: 600,
} satisfies BenchOptions;

export const usage = `Usage: npm run bench -- [options]
  --quick                 BERT-tiny, 16 pairs of 32 tokens, few rounds
  --models LIST           of ${full.models.join(', ')}
  --pairs LIST            sentence pairs a batch, such as 16,64,256
  --tokens LIST           tokens of the longest sentence, such as 32,128
  --lengths LIST          of ${full.lengths.join(', ')}
  --engines LIST          of ${full.engines.join(', ')}
  --backends LIST         of ${full.backends.join(', ')}
  --threads N             threads of WASM and of PyTorch on the CPU
  --rounds N              timed rounds, an even number
  --kernels               also print the kernels of a step
  --browser               in Chrome or Chromium instead of Node
  --json FILE             write the rows to FILE
  --pack DIR              write a folder that runs the benchmark on a machine without a network`;

/** Those of `known` that `value` names, in its order. @throws Error naming what is unknown */
function choose<T extends string>(flag: string, value: string, known: readonly T[]): T[] {
  return value.split(',').map((name) => {
    const found = known.find((each) => each === name);
    if (!found) throw new Error(`${flag}: “${name}” is unknown. Choose from ${known.join(', ')}.`);
    return found;
  });
}

function readCounts(flag: string, value: string, largest: number, least = 2): number[] {
  return value.split(',').map((text) => {
    const count = Number(text);
    if (!Number.isInteger(count) || count < least || count > largest) {
      throw new Error(`${flag}: “${text}” is not a whole number from ${least} to ${largest}.`);
    }
    return count;
  });
}

/**
 * @param args those after the program's name
 * @throws Error whose message is a sentence for the person who typed them
 */
export function readOptions(args: readonly string[]): BenchOptions {
  const options: BenchOptions = args.includes('--quick') ? { ...quick } : { ...full };
  const rest = args.filter((arg) => arg !== '--quick');
  for (let i = 0; i < rest.length; i++) {
    const flag = rest[i]!;
    if (flag === '--kernels' || flag === '--browser') {
      options[flag === '--kernels' ? 'kernels' : 'browser'] = true;
      continue;
    }
    const readers: Record<string, (value: string) => Partial<BenchOptions>> = {
      '--models': (value) => ({ models: choose(flag, value, full.models) }),
      '--pairs': (value) => ({ pairs: readCounts(flag, value, 4096) }),
      '--tokens': (value) => ({ tokens: readCounts(flag, value, 512) }),
      '--lengths': (value) => ({ lengths: choose(flag, value, lengthNames) }),
      '--engines': (value) => ({ engines: choose(flag, value, engineNames) }),
      '--backends': (value) => ({ backends: choose(flag, value, backendNames) }),
      '--threads': (value) => ({ threads: readCounts(flag, value, 64, 1)[0]! }),
      '--rounds': (value) => ({ rounds: readCounts(flag, value, 100).map((count) => count + (count % 2))[0]! }),
      '--json': (value) => ({ json: value }),
      '--pack': (value) => ({ pack: value }),
    };
    const reader = readers[flag];
    if (!reader) throw new Error(`“${flag}” is not an option.\n\n${usage}`);
    const value = rest[++i];
    if (value === undefined || value.startsWith('--')) throw new Error(`${flag} needs a value.\n\n${usage}`);
    Object.assign(options, reader(value));
  }
  return options;
}
