/**
 * The ranking loss on WebGPU, three dispatches each way: logits `[n, m]` with the inverse lengths of all rows; log-sum-exp
 * of each line, a row of the logits or, symmetric, also a column of their first n; the mean. Then the slopes of the
 * cosines `[n, m]`, and with them the gradient of the anchors and, the sides exchanged, of the candidates.
 */
import type * as tf from '@tensorflow/tfjs';
import type { Dispatcher } from '../device/dispatch.ts';
import { flatGroups, grid } from '../device/program.ts';
import { unitOf, unitsOf } from '../device/units.ts';
import { defineGpuKernel } from '../device/webgpu.ts';
import {
  gradientProgram,
  logitsProgram,
  logitsTile,
  meanProgram,
  normalizerProgram,
  slopesProgram,
} from './ranking-programs.ts';
import { lineThreads } from './row-sums.ts';

export const rankingLossForward = 'EmbedsmithRankingLoss';
export const rankingGradient = 'EmbedsmithRankingLossGradient';

type Attributes = { scale: number; symmetric: boolean };

// anchors, candidates → loss [], logits [n, m], inverse lengths [n + m], normalizers [n] or [2n].
defineGpuKernel<Attributes>(rankingLossForward, (gpu, [anchors, candidates], { scale, symmetric }) => {
  const [n, width] = anchors!.shape as [number, number];
  const m = candidates!.shape[0]!;
  const [unit, columns] = [unitOf(width), unitsOf(width)];
  const lines = symmetric ? 2 * n : n;
  const [loss, logits] = [gpu.create([]), gpu.create([n, m])];
  const [inverse, normalizers] = [gpu.create([n + m]), gpu.create([lines])];
  const tile = logitsTile(gpu.software);
  const tiles = Math.ceil(n / tile) * Math.ceil(m / tile);
  gpu.run(
    logitsProgram(unit, gpu.software),
    { anchors: anchors!, candidates: candidates!, logits, inverse },
    { n, m, columns, scale },
    gpu.software ? flatGroups(64, tiles) : grid(tiles),
  );
  const lineGroups = grid(lineThreads(gpu.software).groups(lines));
  gpu.run(normalizerProgram(gpu.software), { logits, normalizers }, { n, m, lines }, lineGroups);
  gpu.run(meanProgram(gpu.software), { logits, normalizers, loss }, { n, m, lines }, [1, 1, 1]);
  return [loss, logits, inverse, normalizers];
});

type Side = { rows: number; x: tf.TensorInfo /** Where its inverse lengths begin. */; first: number; stride: number };

function sideGradient(
  gpu: Dispatcher,
  own: Side,
  other: Side,
  shared: { inverse: tf.TensorInfo; slopes: tf.TensorInfo; logits: tf.TensorInfo },
  scale: number,
): tf.TensorInfo {
  const [unit, columns] = [unitOf(own.x.shape[1]!), unitsOf(own.x.shape[1]!)];
  // Four rows at a time read less; few rows must spread over more threads of a GPU.
  const rows = gpu.software || own.rows * columns >= 2 ** 18 ? 4 : 1;
  const gradient = gpu.create(own.x.shape);
  gpu.run(
    gradientProgram(unit, rows),
    { own: own.x, other: other.x, ...shared, gradient },
    {
      rows: own.rows,
      others: other.rows,
      columns,
      own_first: own.first,
      other_first: other.first,
      own_stride: own.stride,
      other_stride: other.stride,
      scale,
    },
    flatGroups(64, Math.ceil(own.rows / rows) * columns),
  );
  return gradient;
}

// dy [], anchors, candidates and what the loss left → the gradients of both, and the slopes, so that tfjs disposes them.
defineGpuKernel<Attributes>(rankingGradient, (gpu, inputs, { scale }) => {
  const [dy, anchors, candidates, logits, inverse, normalizers] = inputs as [
    tf.TensorInfo,
    tf.TensorInfo,
    tf.TensorInfo,
    tf.TensorInfo,
    tf.TensorInfo,
    tf.TensorInfo,
  ];
  const [n, m] = logits.shape as [number, number];
  const lines = normalizers.shape[0]!;
  const slopes = gpu.create([n, m]);
  gpu.run(slopesProgram, { dy, logits, normalizers, slopes }, { n, m, lines, scale }, flatGroups(64, n * m));
  const shared = { inverse, slopes, logits };
  const ofAnchors: Side = { rows: n, x: anchors, first: 0, stride: m };
  const ofCandidates: Side = { rows: m, x: candidates, first: n, stride: 1 };
  return [
    sideGradient(gpu, ofAnchors, ofCandidates, shared, scale),
    sideGradient(gpu, ofCandidates, ofAnchors, shared, scale),
    slopes,
  ];
});
