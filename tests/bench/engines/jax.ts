/**
 * The same training step in jax-js, one jitted function from parameters to parameters: padded batches, dropout by its own
 * generator, clipping, and AdamW written out, since its package of optimisers is not on the registry.
 */
import { forgetPeak, peakBytes } from '../gpu-meter.ts';
import { encoderConfig, models, randomWeights } from '../models.ts';
import { inTurn, paddedWidth, padRows, type Workload } from '../workload.ts';
import { type Engine, optimizerSettings, type Session } from './engine.ts';
import type { JaxArray, JaxLibrary, JaxTree } from './jax-library.ts';
import { readGpuName, timeSteps } from './tfjs.ts';

/** `ids`, `positions`, `types` `[rows · width]`; `mask` `[rows, width]`; `key` of the step's dropout. */
type Inputs = { ids: JaxArray; positions: JaxArray; types: JaxArray; mask: JaxArray; key: JaxArray };

/** Mean-pooled sentence embeddings `[rows, hidden]`. */
function embed(jax: JaxLibrary, w: JaxTree, inputs: Inputs, { model, dropout }: Workload): JaxArray {
  const { numpy: np, nn, random } = jax;
  const { layers, hidden, heads } = models[model];
  const [rows, width] = inputs.mask.shape as [number, number];
  const get = (name: string) => w[name]!.ref;
  const keys = random.split(inputs.key, 1 + 3 * layers);
  let place = 0;
  const drop = (x: JaxArray) => {
    if (dropout === 0) return x;
    const keep = random.bernoulli(keys.ref.slice(place++), 1 - dropout, x.shape);
    return np.where(keep, x.div(1 - dropout), 0);
  };
  const dense = (x: JaxArray, name: string) => np.matmul(x, get(`${name}.weight`).transpose()).add(get(`${name}.bias`));
  const norm = (x: JaxArray, name: string) => {
    const centred = x.ref.sub(x.mean(-1, { keepdims: true }));
    const variance = np.square(centred.ref).mean(-1, { keepdims: true });
    const unit = centred.div(np.sqrt(variance.add(1e-12)));
    return unit.mul(get(`${name}.LayerNorm.weight`)).add(get(`${name}.LayerNorm.bias`));
  };
  const split = (x: JaxArray, permutation: number[]) =>
    x.reshape([rows, width, heads, hidden / heads]).transpose(permutation);

  const words = np.take(get('embeddings.word_embeddings.weight'), inputs.ids, 0);
  const places = np.take(get('embeddings.position_embeddings.weight'), inputs.positions, 0);
  const types = np.take(get('embeddings.token_type_embeddings.weight'), inputs.types, 0);
  let x = drop(norm(words.add(places).add(types), 'embeddings')); // [rows · width, hidden]

  const bias = inputs.mask.ref.sub(1).mul(1e9).reshape([rows, 1, 1, width]);
  for (let i = 0; i < layers; i++) {
    const layer = `encoder.layer.${i}`;
    const q = split(dense(x.ref, `${layer}.attention.self.query`), [0, 2, 1, 3]);
    const k = split(dense(x.ref, `${layer}.attention.self.key`), [0, 2, 3, 1]);
    const v = split(dense(x.ref, `${layer}.attention.self.value`), [0, 2, 1, 3]);
    const scores = np
      .matmul(q, k)
      .mul(1 / Math.sqrt(hidden / heads))
      .add(bias.ref);
    const context = np.matmul(drop(nn.softmax(scores, -1)), v).transpose([0, 2, 1, 3]);
    const merged = context.reshape([rows * width, hidden]);
    const attended = norm(x.add(drop(dense(merged, `${layer}.attention.output.dense`))), `${layer}.attention.output`);
    const widened = nn.gelu(dense(attended.ref, `${layer}.intermediate.dense`), { approximate: false });
    x = norm(attended.add(drop(dense(widened, `${layer}.output.dense`))), `${layer}.output`);
  }
  const weights = inputs.mask.ref.div(inputs.mask.sum(1, { keepdims: true })).reshape([rows, width, 1]);
  return x.reshape([rows, width, hidden]).mul(weights).sum(1);
}

/** Multiple negatives ranking: cross-entropy of scaled cosines, each anchor against all positives. */
function rankingLoss({ numpy: np, nn }: JaxLibrary, embeddings: JaxArray, pairs: number): JaxArray {
  const length = np.sqrt(np.square(embeddings.ref).sum(1, { keepdims: true }));
  const unit = embeddings.div(np.maximum(length, 1e-12));
  const anchors = unit.ref.slice([0, pairs]);
  const positives = unit.slice([pairs, 2 * pairs]);
  const logits = np.matmul(anchors, positives.transpose()).mul(optimizerSettings.scale);
  const own = logits.ref.mul(np.eye(pairs)).sum(1);
  return nn.logsumexp(logits, 1).sub(own).mean();
}

type State = { weights: JaxTree; m: JaxTree; v: JaxTree };

/** @param corrections `[2]` Adam's 1 − β₁ᵗ and 1 − β₂ᵗ */
function createStep(jax: JaxLibrary, workload: Workload) {
  const { numpy: np } = jax;
  const { learningRate, weightDecay, maxGradNorm } = optimizerSettings;
  const lossAndGradients = jax.valueAndGrad((weights: JaxTree, inputs: Inputs) =>
    rankingLoss(jax, embed(jax, weights, inputs, workload), workload.pairs),
  );
  return jax.jit(
    ({ weights, m, v }: State, inputs: Inputs, corrections: JaxArray): { loss: JaxArray; state: State } => {
      const refs = Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, weight.ref]));
      const [loss, gradients] = lossAndGradients(refs, inputs);
      const squares = Object.values(gradients).map((gradient) => np.square(gradient.ref).sum());
      const norm = np.sqrt(squares.reduce((sum, each) => sum.add(each)));
      const shrink = np.minimum(1, np.reciprocal(norm.add(1e-6)).mul(maxGradNorm));
      const next: State = { weights: {}, m: {}, v: {} };
      for (const [name, gradient] of Object.entries(gradients)) {
        const clipped = gradient.mul(shrink.ref);
        const mean = m[name]!.mul(0.9).add(clipped.ref.mul(0.1));
        const square = v[name]!.mul(0.999).add(np.square(clipped).mul(0.001));
        next.m[name] = mean.ref;
        next.v[name] = square.ref;
        const root = np.sqrt(square.div(corrections.ref.slice(1))).add(1e-8);
        const update = mean.div(corrections.ref.slice(0)).div(root);
        const isDecayed = !name.endsWith('bias') && !name.includes('LayerNorm');
        const decayed = isDecayed ? weights[name]!.mul(1 - learningRate * weightDecay) : weights[name]!;
        next.weights[name] = decayed.sub(update.mul(learningRate));
      }
      return { loss, state: next };
    },
  );
}

async function prepare(jax: JaxLibrary, backend: 'webgpu' | 'wasm', workload: Workload): Promise<Session> {
  const { numpy: np, random } = jax;
  jax.defaultDevice(backend);
  const device = backend === 'webgpu' ? jax.getWebGPUDevice() : null;
  if (device) forgetPeak(device);
  const width = paddedWidth(workload);
  const wholes = (values: Int32Array) => np.array(values, { dtype: np.int32 });
  const batches = workload.batches.map((rows) => {
    const { ids, mask } = padRows(rows, width);
    return {
      ids: wholes(ids),
      positions: wholes(ids.map((_, i) => i % width)),
      types: wholes(new Int32Array(ids.length)),
      mask: np.array(mask, { shape: [rows.length, width] }),
    };
  });
  const tree = (create: (data: Float32Array, shape: number[]) => JaxArray): JaxTree =>
    Object.fromEntries(
      [...randomWeights(encoderConfig(workload.model))].map(([name, { data, shape }]) => [name, create(data, shape)]),
    );
  let state: State = {
    weights: tree((data, shape) => np.array(data, { shape })),
    m: tree((_, shape) => np.zeros(shape)),
    v: tree((_, shape) => np.zeros(shape)),
  };
  const step = createStep(jax, workload);
  let count = 0;
  const run = async (number: number) => {
    count++;
    const { ids, positions, types, mask } = inTurn(batches, number);
    const fed = { ids: ids.ref, positions: positions.ref, types: types.ref, mask: mask.ref, key: random.key(count) };
    const result = step(state, fed, np.array([1 - 0.9 ** count, 1 - 0.999 ** count]));
    state = result.state;
    const [loss] = Array.from(await result.loss.data());
    await jax.blockUntilReady(state);
    return loss!;
  };
  return {
    run: async (steps, first) => {
      jax.defaultDevice(backend);
      return timeSteps(steps, first, run);
    },
    peakBytes: async () => (device ? peakBytes(device) : null),
    kernelTimes: null,
    dispose: async () => {
      for (const part of [state.weights, state.m, state.v, ...batches]) {
        for (const array of Object.values(part)) array.dispose();
      }
      step.dispose();
    },
  };
}

/** @returns null where jax-js has no such backend here */
export async function createJax(backend: 'webgpu' | 'wasm', jax: JaxLibrary): Promise<Engine | null> {
  const named = backend === 'wasm' ? { adapter: 'WebAssembly', software: true } : await readGpuName();
  if (!named) return null;
  if (!(await jax.init(backend)).includes(backend)) return null;
  return {
    name: 'jax',
    backend,
    ...named,
    prepare: (workload) => prepare(jax, backend, workload),
    matmulPeak: null,
  };
}
