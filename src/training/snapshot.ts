/**
 * All that the rest of a run depends on, taken between two steps and held on the CPU. What continues from it gives the
 * losses of an unbroken run, bit for bit on the same device: the order of the data and the dropout follow from seed and step.
 */
import type { EvaluationReport } from '../contract/run.ts';
import type { HostTensor } from '../model/parameters.ts';
import type { OptimizerSnapshot } from '../optimizer/optimizer.ts';
import type { KeeperSnapshot } from './best.ts';

export type RunSnapshot = {
  /** Steps done. */
  step: number;
  /** Spent on steps and evaluations. */
  seconds: number;
  parameters: ReadonlyMap<string, HostTensor>;
  optimizer: OptimizerSnapshot;
  /** Of the untrained model, and the latest. */
  first: EvaluationReport;
  last: EvaluationReport;
  /** The step of the latest evaluation. */
  evaluatedAt: number;
  keeper: KeeperSnapshot;
};

/** What of a snapshot is no tensor; plain data that JSON holds. */
export type SnapshotState = Pick<RunSnapshot, 'step' | 'seconds' | 'first' | 'last' | 'evaluatedAt'> & {
  optimizerStep: number;
  best: KeeperSnapshot['best'];
  since: number;
};

const slotName = (name: string, slot: number) => `optimizer.${slot}/${name}`;

/** A snapshot as named tensors, as files hold them, and the rest. */
export function packSnapshot(snapshot: RunSnapshot): { tensors: Map<string, HostTensor>; state: SnapshotState } {
  const { step, seconds, parameters, optimizer, first, last, evaluatedAt, keeper } = snapshot;
  const tensors = new Map<string, HostTensor>();
  for (const [name, tensor] of parameters) tensors.set(`parameters/${name}`, tensor);
  for (const [name, slots] of optimizer.slots) {
    for (const [i, data] of slots.entries()) tensors.set(slotName(name, i), { shape: [data.length], data });
  }
  for (const [name, tensor] of keeper.weights ?? []) tensors.set(`best/${name}`, tensor);
  const { best, since } = keeper;
  return { tensors, state: { step, seconds, first, last, evaluatedAt, optimizerStep: optimizer.step, best, since } };
}

/** The snapshot that {@link packSnapshot} took apart. */
export function unpackSnapshot(tensors: ReadonlyMap<string, HostTensor>, state: SnapshotState): RunSnapshot {
  const { optimizerStep, best, since, ...rest } = state;
  const under = (prefix: string) =>
    new Map(
      [...tensors].flatMap(([name, tensor]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [])),
    );
  const parameters = under('parameters/');
  const weights = under('best/');
  const slots = new Map<string, Float32Array[]>();
  for (const name of parameters.keys()) {
    const own: Float32Array[] = [];
    for (let found = tensors.get(slotName(name, 0)); found; found = tensors.get(slotName(name, own.length))) {
      own.push(found.data);
    }
    if (own.length > 0) slots.set(name, own);
  }
  return {
    ...rest,
    parameters,
    optimizer: { step: optimizerStep, slots },
    keeper: { best, since, weights: weights.size > 0 ? weights : null },
  };
}
