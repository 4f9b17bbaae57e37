/** Projections against numpy, scipy and scikit-learn; UMAP by what it promises: neighbours stay neighbours. */
import { describe, expect, test } from 'vitest';
import { unitRows } from '../../../src/evaluation/unit-rows.ts';
import { rankHits } from '../../../src/store/try/hits.ts';
import { findNeighbours } from '../../../src/worker/map/neighbours.ts';
import { fitPca, project } from '../../../src/worker/map/pca.ts';
import { alignTo } from '../../../src/worker/map/procrustes.ts';
import { projectFrames } from '../../../src/worker/map/project-frames.ts';
import { symmetricEigen } from '../../../src/worker/map/symmetric-eigen.ts';
import { dot } from '../../../src/worker/try/embedder.ts';
import golden from './projections.json' with { type: 'json' };

const job = { signal: new AbortController().signal, onProgress: () => {} };

function expectNear(found: ArrayLike<number>, wanted: readonly number[], tolerance: number): void {
  expect(found.length).toBe(wanted.length);
  expect(wanted.length).toBeGreaterThan(1);
  for (const [i, value] of wanted.entries()) expect(Math.abs(found[i]! - value), `${i}`).toBeLessThan(tolerance);
}

describe('principal components', () => {
  test.each(Object.entries(golden.pca))(
    '%s: as scikit-learn has them',
    (_, { dimensions, rows, positions, explained }) => {
      const basis = fitPca(Float32Array.from(rows), dimensions, 2);
      expectNear(basis.explained, explained, 1e-8);
      expectNear(project(Float32Array.from(rows), basis), positions, 2e-4);
    },
  );

  test('rows that are all the same lie on one point, and have no axis', () => {
    const basis = fitPca(new Float32Array(12).fill(0.5), 3, 2);
    expect(basis.explained).toEqual([0, 0]);
    expect([...project(new Float32Array(12).fill(0.5), basis)]).toEqual(new Array(8).fill(0));
  });
});

test('two directions of the same length are both found', () => {
  const square = Float32Array.of(1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0);
  const basis = fitPca(square, 3, 2);
  expectNear(basis.explained, [0.5, 0.5], 1e-12);
  expect(project(square, basis).reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(4, 6);
});

test('the nearest rows are those of a full sort, itself first', async () => {
  const rows = Float32Array.of(0, 3, 1, 1, 7);
  const { indices, distances } = await findNeighbours(rows, 1, 3, async () => {});
  expect(indices).toEqual([
    [0, 2, 3],
    [1, 2, 3],
    [2, 3, 0],
    [3, 2, 0],
    [4, 1, 2],
  ]);
  expect(distances[3]).toEqual([0, 0, 1]);
  expect(distances[4]).toEqual([0, 4, 6]);
});

test('eigenvectors turn their matrix into its eigenvalues', () => {
  const matrix = [
    [4, 1, -2],
    [1, 3, 0.5],
    [-2, 0.5, 1],
  ];
  const { values, vectors } = symmetricEigen(matrix);
  expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(8, 12);
  for (const [k, vector] of vectors.entries()) {
    const image = matrix.map((row) => row.reduce((sum, value, j) => sum + value * vector[j]!, 0));
    expectNear(
      image,
      vector.map((value) => values[k]! * value),
      1e-12,
    );
  }
});

test.each(golden.alignments.map((each, i) => [i === 0 ? 'turned' : 'mirrored', each] as const))(
  'points that were %s are laid on each other as scipy does it',
  (_, { moving, fixed, aligned }) => {
    expectNear(alignTo(Float32Array.from(moving), Float32Array.from(fixed)), aligned, 1e-5);
  },
);

test('a ranking has scipy’s cosines and numpy’s order', () => {
  const { dimensions, query, texts, cosines, order } = golden.ranking;
  const first = unitRows(Float32Array.from(query), dimensions);
  const rows = unitRows(Float32Array.from(texts), dimensions);
  const now = Float32Array.from(cosines, (_, i) => dot(first, rows.subarray(i * dimensions, (i + 1) * dimensions)));
  expectNear(now, cosines, 1e-6);
  const ranked = {
    query: '',
    texts: cosines.map(String),
    ranking: { kind: 'cosine', labels: null, before: null, now },
  };
  expect(rankHits({ ...ranked, ranking: { ...ranked.ranking, kind: 'cosine' } }).map(({ index }) => index)).toEqual(
    order,
  );
});

/** Share of kept neighbourhoods (Venna & Kaski 2001), 1 where no point comes near in the picture that was not near before. */
function trustworthiness(
  rows: ArrayLike<number>,
  dimensions: number,
  picture: ArrayLike<number>,
  width: number,
  k: number,
) {
  const n = rows.length / dimensions;
  const distances = (points: ArrayLike<number>, d: number, i: number) =>
    Array.from({ length: n }, (_, j) => {
      let sum = 0;
      for (let c = 0; c < d; c++) sum += (points[i * d + c]! - points[j * d + c]!) ** 2;
      return i === j ? -1 : sum;
    });
  const orderOf = (values: number[]) => values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  let penalty = 0;
  for (let i = 0; i < n; i++) {
    const rank = new Array<number>(n);
    for (const [place, j] of orderOf(distances(rows, dimensions, i)).entries()) rank[j] = place;
    for (const j of orderOf(distances(picture, width, i)).slice(1, k + 1)) penalty += Math.max(0, rank[j]! - k);
  }
  return 1 - (2 / (n * k * (2 * n - 3 * k - 1))) * penalty;
}

describe('UMAP', () => {
  const { rows, dimensions } = golden.pca.plain;

  test('is judged by scikit-learn’s trustworthiness', () => {
    const firstTwo = rows.filter((_, i) => i % dimensions < 2);
    expect(trustworthiness(rows, dimensions, firstTwo, 2, 5)).toBeCloseTo(golden.trust, 10);
  });

  /** Points on a closed curve that winds through eight dimensions. */
  const curve = Float32Array.from({ length: 120 * 8 }, (_, i) => {
    const turn = (2 * Math.PI * Math.floor(i / 8)) / 120;
    const wave = Math.floor((i % 8) / 2) + 1;
    return (i % 2 === 0 ? Math.cos(wave * turn) : Math.sin(wave * turn)) / wave;
  });

  test('keeps neighbours, the same way each time, and lays the frames on each other', async () => {
    const noisy = curve.map((value, i) => value + 0.01 * Math.sin(i));
    const frames = [
      { step: 0, rows: noisy },
      { step: 5, rows: curve },
    ];
    const { frames: found, explained } = await projectFrames(frames, 8, 'umap', job);
    expect(explained).toBeNull();
    expect(found.map(({ step }) => step)).toEqual([0, 5]);
    for (const [i, { positions }] of found.entries()) {
      expect(trustworthiness(frames[i]!.rows, 8, positions, 2, 8)).toBeGreaterThan(0.95);
    }
    const again = await projectFrames(frames, 8, 'umap', job);
    expect(again.frames[1]!.positions).toEqual(found[1]!.positions);
    const realigned = alignTo(found[0]!.positions, found[1]!.positions);
    expectNear(realigned, [...found[0]!.positions], 1e-3);
  }, 60_000);

  test('draws the first, the last and three between them', async () => {
    const frames = Array.from({ length: 9 }, (_, step) => ({ step, rows: curve.subarray(0, 20 * 8) }));
    const { frames: found } = await projectFrames(frames, 8, 'umap', job);
    expect(found.map(({ step }) => step)).toEqual([0, 2, 4, 6, 8]);
    const few = await projectFrames([{ step: 0, rows: curve.subarray(0, 5 * 8) }], 8, 'umap', job);
    expect(few.explained, 'five points are laid out by PCA').not.toBeNull();
  });

  test('ends when it is told to', async () => {
    const control = new AbortController();
    const onProgress = (done: number) => {
      if (done === 3) control.abort();
    };
    const frames = [{ step: 0, rows: curve }];
    await expect(projectFrames(frames, 8, 'umap', { signal: control.signal, onProgress })).rejects.toThrow();
  });
});
