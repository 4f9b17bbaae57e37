/** What to do with files that arrive: by drop, picker or paste. */
import type { ModelSource } from '../contract/calls.ts';
import type { Slot } from '../contract/data.ts';
import type { Desk } from './desk.ts';
import { sourceOfFiles } from './sources.ts';

/** What a file is by its name and its first bytes; a project's zip begins with its description. */
async function kindOf(file: File): Promise<'project' | 'zip' | 'table'> {
  const head = await file.slice(0, 64).text();
  const zip = head.startsWith('PK\u0003\u0004');
  // The name of the first file in a zip stands at byte 30.
  if (zip && head.includes('project.json')) return 'project';
  return zip || /\.zip$/i.test(file.name) ? 'zip' : 'table';
}

/** Pasted text as a file, named after what it looks like: one sentence a line, unless every line has the same fields. */
export function pastedFile(text: string): File {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const even = (mark: string) => {
    const counts = lines.map((line) => line.split(mark).length - 1);
    return lines.length > 1 && counts[0]! > 0 && counts.every((count) => count === counts[0]);
  };
  // Writers put a space after each comma, tables hardly ever do.
  const prose = !/,\S/.test(text);
  const kind = lines[0]?.startsWith('{') ? 'jsonl' : even('\t') ? 'tsv' : even(',') && !prose ? 'csv' : 'txt';
  return new File([text], `pasted.${kind}`, { type: 'text/plain' });
}

type Readers = {
  readData(slot: Slot, file: File): Promise<void>;
  loadModel(source: ModelSource): Promise<void>;
  importProject(file: File): Promise<unknown>;
};

/** The last part of a file's path: files of a folder are named by their way from it. */
const baseName = ({ name }: File) => name.slice(name.lastIndexOf('/') + 1).toLowerCase();

/** Whether files are the parts of a model: its configuration with anything beside it, or weights. */
export function areModel(files: readonly File[]): boolean {
  const names = files.map(baseName);
  return (
    (names.includes('config.json') && files.length > 1) || names.some((name) => /\.(safetensors|bin|pt)$/.test(name))
  );
}

type Sorted = { model: ModelSource | null; project: File | null; tables: readonly File[] };

/** The model or project in files that arrive, and the tables beside it. */
async function sortFiles(files: readonly File[]): Promise<Sorted> {
  if (areModel(files)) return { model: sourceOfFiles(files), project: null, tables: [] };
  const kinds = await Promise.all(files.map(kindOf));
  const [zip] = files.filter((_, i) => kinds[i] === 'zip');
  const [project] = files.filter((_, i) => kinds[i] === 'project');
  return {
    model: zip ? { kind: 'file', file: zip } : null,
    project: project ?? null,
    tables: files.filter((_, i) => kinds[i] === 'table'),
  };
}

/**
 * Takes files in: a project's zip brings its runs; another zip, or the files of a model folder, are a model; one table is training data, or a question where
 * there is some already; of two tables the one with scores is for evaluation.
 */
export async function takeFiles(desk: Desk, files: readonly File[], readers: Readers): Promise<void> {
  const { readData, loadModel, importProject } = readers;
  const { model, project, tables } = await sortFiles(files);
  desk.set({ view: tables.length > 0 ? 'data' : project ? 'runs' : 'model' });
  if (project) void importProject(project);
  if (model) void loadModel(model);
  const [first, second] = tables;
  if (!first) return;
  if (tables.length > 2) return desk.set({ intake: { kind: 'too-many', count: tables.length } });
  if (!second) {
    if (desk.get().slots.train.table) return desk.set({ intake: { kind: 'which-slot', file: first } });
    return readData('train', first);
  }
  await Promise.all([readData('train', first), readData('evaluation', second)]);
  const { train, evaluation } = desk.get().slots;
  if (hasScores(train.table) && !hasScores(evaluation.table)) {
    await Promise.all([readData('train', second), readData('evaluation', first)]);
  }
}

function hasScores(table: { columns: { role: string }[] } | null): boolean {
  return table?.columns.some(({ role }) => role === 'score') ?? false;
}
