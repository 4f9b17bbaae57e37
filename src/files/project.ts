/**
 * A project as one zip: kept runs with their curves and evaluations, what they were made from, their weights, and the
 * configuration of the form. `project.json` describes it; `runs/<id>/curves.bin` holds the columns one after the other,
 * 64-bit floats, little-endian; `runs/<id>/weights/` and `files/` hold files as they are.
 */
import { strFromU8, strToU8, type Zippable, zipSync } from 'fflate';
import type { ModelSource } from '../contract/calls.ts';
import type { RunConfig } from '../contract/catalogue.ts';
import { checkConfig } from '../contract/config.ts';
import { fail } from '../contract/problems.ts';
import {
  curveNames,
  type KeptEvaluation,
  type KeptTable,
  type RunCurves,
  type RunEntry,
  type RunInputs,
} from '../contract/runs.ts';
import { isProject, type PackedModel, type PackedRun, type PackedTable, type Project } from './project-shape.ts';
import { openZip } from './zip-reader.ts';

/** A run with all that goes with it; `inputs` null and `weights` empty where they stay behind. */
export type ProjectRun = {
  entry: RunEntry;
  curves: RunCurves;
  evaluations: KeptEvaluation[];
  inputs: RunInputs | null;
  /** Files of its weights, by name. */
  weights: ReadonlyMap<string, Uint8Array>;
};

const columns = ['step', 'epoch', ...curveNames] as const;

function packCurves(curves: RunCurves): Uint8Array {
  const { length } = curves.step;
  const view = new DataView(new ArrayBuffer(8 * length * columns.length));
  for (const [c, name] of columns.entries())
    for (const [i, value] of curves[name].entries()) view.setFloat64(8 * (c * length + i), value, true);
  return new Uint8Array(view.buffer);
}

function unpackCurves(bytes: Uint8Array): RunCurves {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Math.floor(bytes.byteLength / 8 / columns.length);
  const column = (c: number) => Float64Array.from({ length }, (_, i) => view.getFloat64(8 * (c * length + i), true));
  return Object.fromEntries(columns.map((name, c) => [name, column(c)])) as RunCurves;
}

/** Puts files into the zip, each content once. */
function createFiler(zip: Zippable) {
  const paths = new Map<string, string>();
  return async (file: File): Promise<{ path: string; name: string }> => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const key = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const path = paths.get(key) ?? `files/${key}`;
    if (!paths.has(key)) zip[path] = bytes;
    paths.set(key, path);
    return { path, name: file.name };
  };
}

/** The project as a zip. */
export async function packProject(
  runs: readonly ProjectRun[],
  config: RunConfig | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const zip: Zippable = {};
  const put = createFiler(zip);
  const packTable = async ({ file, options, roles }: KeptTable): Promise<PackedTable> => ({
    file: await put(file),
    options,
    roles,
  });
  const packModel = async (model: ModelSource): Promise<PackedModel> => {
    if (model.kind === 'file') return { kind: 'file', file: await put(model.file) };
    if (model.kind !== 'files') return model;
    const files = [];
    for (const { path, file } of model.files) files.push({ path, file: await put(file) });
    return { kind: 'files', files };
  };
  const packed: PackedRun[] = [];
  for (const { entry, curves, evaluations, inputs, weights } of runs) {
    zip[`runs/${entry.id}/curves.bin`] = packCurves(curves);
    // Weights hardly shrink.
    for (const [name, bytes] of weights) zip[`runs/${entry.id}/weights/${name}`] = [bytes, { level: 0 }];
    packed.push({
      entry,
      evaluations,
      inputs: inputs && {
        train: await packTable(inputs.train),
        evaluation: inputs.evaluation && (await packTable(inputs.evaluation)),
        model: await packModel(inputs.model),
      },
    });
  }
  const project: Project = { format: 'embedsmith-project', version: 1, config, runs: packed };
  // First, so that the file's beginning tells what it is.
  return zipSync({ 'project.json': strToU8(JSON.stringify(project)), ...zip }, { level: 6 });
}

/** @throws ProblemError where it is no project of this studio */
export function unpackProject(bytes: Uint8Array, fileName: string): { runs: ProjectRun[]; config: RunConfig | null } {
  const broken = (): never => fail('project-broken', { file: fileName });
  const read = (path: string): Uint8Array<ArrayBuffer> => {
    if (!paths.includes(path)) return broken();
    return new Uint8Array(open(path));
  };
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch {
      return broken();
    }
  };
  const { paths, read: open } = attempt(() => openZip(bytes));
  const project: unknown = attempt(() => JSON.parse(strFromU8(read('project.json'))));
  if (!isProject(project)) return broken();
  const fileOf = ({ path, name }: { path: string; name: string }) => new File([read(path)], name);
  const tableOf = ({ file, options, roles }: PackedTable): KeptTable => ({ file: fileOf(file), options, roles });
  const modelOf = (model: PackedModel): ModelSource => {
    if (model.kind === 'file') return { kind: 'file', file: fileOf(model.file) };
    if (model.kind !== 'files') return model;
    return { kind: 'files', files: model.files.map(({ path, file }) => ({ path, file: fileOf(file) })) };
  };
  const runs = project.runs.map(({ entry, evaluations, inputs }): ProjectRun => {
    const folder = `runs/${entry.id}/weights/`;
    const names = paths.filter((path) => path.startsWith(folder) && path.length > folder.length);
    const weights = new Map(names.map((path) => [path.slice(folder.length), read(path)]));
    return {
      // Checkpoints do not travel; neither do weights that were left behind.
      entry: { ...entry, checkpoint: null, weights: weights.size > 0 ? entry.weights : null },
      curves: unpackCurves(read(`runs/${entry.id}/curves.bin`)),
      evaluations,
      inputs: inputs && {
        train: tableOf(inputs.train),
        evaluation: inputs.evaluation && tableOf(inputs.evaluation),
        model: modelOf(inputs.model),
      },
      weights,
    };
  });
  const { config } = project;
  return { runs, config: config && Object.keys(checkConfig(config)).length === 0 ? config : null };
}
