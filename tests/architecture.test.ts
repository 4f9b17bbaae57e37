/** Who may import whom, and how long a file may be: the map of src/ as a table, executed. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** Folder (or file, without its ending) to the folders or files it may import from besides its own. */
const allowed: Record<string, string[]> = {
  contract: [],
  kernels: [],
  data: ['contract'],
  model: ['contract', 'kernels'],
  optimizer: ['contract', 'kernels'],
  losses: ['contract', 'kernels', 'model/similarity'],
  evaluation: ['contract', 'data', 'model'],
  files: ['contract', 'model', 'data'],
  training: ['contract', 'data', 'kernels', 'model', 'losses', 'optimizer', 'evaluation'],
  worker: ['contract', 'data', 'kernels', 'model', 'losses', 'optimizer', 'evaluation', 'files', 'training'],
  'worker/client': ['contract'],
  store: ['contract', 'worker/client'],
  ui: ['contract', 'store', 'service-worker'],
  main: ['ui'],
  first: ['ui', 'main'], // of ui, styles
  'service-worker': [],
  cli: ['contract', 'data', 'files', 'worker'],
};

/** Packages that only these folders may import; the page's first chunk and the data's tests stay free of them. */
const guarded: [pattern: RegExp, folders: string[]][] = [
  [/^@tensorflow\//, ['kernels', 'model', 'losses', 'optimizer', 'evaluation', 'training', 'worker']],
  [/^@huggingface\/tokenizers/, ['data/tokenizer']],
  [/^(react|react-dom|recharts|react-aria-components|react-i18next|lucide-react)(\/|$)/, ['ui', 'main']],
  [/^node:|^webgpu$/, ['cli']],
];

const longest = 250; // lines

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));

type Edge = { from: string; to: string; line: string };

const edges: Edge[] = files.flatMap((file) => {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(([line, target]) => ({
    from: file.replace(/\.tsx?$/, ''),
    to: target!.startsWith('.')
      ? relative(src, join(src, dirname(file), target!)).replace(/\.(tsx?|css)$/, '')
      : target!,
    line,
  }));
});

const folderOf = (file: string) => file.split('/')[0]!;
const isIn = (file: string, place: string) => file === place || file.startsWith(`${place}/`);
const isInside = (edge: Edge) => isIn(edge.to, folderOf(edge.to)) && folderOf(edge.to) in allowed;

test('every import is one that the table allows', () => {
  const inner = edges.filter(isInside);
  const wrong = inner.filter(({ from, to }) => {
    const rule = allowed[from] ?? allowed[folderOf(from)];
    const own = folderOf(from) === folderOf(to) && !(from in allowed);
    return !own && !rule?.some((place) => isIn(to, place));
  });
  expect(wrong).toEqual([]);
  expect(inner.length).toBeGreaterThan(200);
  expect(new Set(files.map(folderOf).map((folder) => folder.replace(/\.tsx?$/, '')))).toEqual(
    new Set(Object.keys(allowed).filter((place) => !place.includes('/'))),
  );
});

test('guarded packages stay where they belong', () => {
  let seen = 0;
  const wrong = edges.filter(({ from, to }) => {
    const guard = guarded.find(([pattern]) => pattern.test(to));
    if (guard) seen++;
    return guard && !guard[1].some((place) => isIn(from, place));
  });
  expect(wrong).toEqual([]);
  expect(seen).toBeGreaterThan(60);
});

test(`no file is longer than ${longest} lines, but the tables of texts`, () => {
  const tables = [
    'contract/catalogue.ts',
    'contract/metrics.ts',
    'contract/problems.ts',
    'ui/locales/en.ts',
    'ui/locales/zh.ts',
  ];
  const long = files
    .filter((file) => !tables.includes(file))
    .filter((file) => readFileSync(join(src, file), 'utf8').split('\n').length > longest);
  expect(long).toEqual([]);
  expect(files.length).toBeGreaterThan(80);
});
