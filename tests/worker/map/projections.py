#!/usr/bin/env python3
"""Expected figures of src/worker/map and of rankings, by numpy, scipy and scikit-learn.

    python3 tests/worker/map/projections.py > tests/worker/map/projections.json    # Debian: python3-sklearn
    npx biome format --write tests/worker/map/projections.json

Rows are multiples of 1/64, exact in float32. An axis points to where its largest entry (by size) is positive.
"""
import json
import numpy as np
from scipy.linalg import orthogonal_procrustes
from scipy.spatial.distance import cdist
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

rng = np.random.default_rng(7)


def grid(values):
    return np.round(values * 64) / 64


def pca(rows, components=2):
    found = PCA(components, svd_solver="full").fit(rows)
    signs = np.sign(found.components_[np.arange(components), np.abs(found.components_).argmax(1)])
    return dict(dimensions=rows.shape[1], rows=rows.ravel().tolist(),
                positions=((rows - rows.mean(0)) @ (found.components_ * signs[:, None]).T).ravel().tolist(),
                explained=found.explained_variance_ratio_.tolist())


def stretched(count, dimensions, lengths):
    """Rows with about these deviations along random orthogonal directions."""
    turn = np.linalg.qr(rng.normal(size=(dimensions, dimensions)))[0][:len(lengths)]
    return grid(rng.normal(size=(count, len(lengths))) * lengths @ turn)


plain = stretched(60, 12, np.linspace(3, 0.3, 12))
# The second, third and following eigenvalues are nearly equal: plain power iteration would not come to rest.
near = stretched(200, 24, np.r_[2.0, 1.0, 0.98, 0.97, np.linspace(0.9, 0.4, 20)])
wide = stretched(10, 40, np.linspace(2, 0.5, 9))      # fewer rows than dimensions

moving, fixed = grid(rng.normal(size=(30, 2)) + [3, -1]), None
angle = 2.1
mirror = np.array([[1, 0], [0, -1]])
turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
alignments = []
for flip in (np.eye(2), mirror):
    fixed = grid(1.7 * moving @ flip @ turn + [0.5, 4] + 0.2 * rng.normal(size=(30, 2)))
    a, b = moving - moving.mean(0), fixed - fixed.mean(0)
    rotation, scale = orthogonal_procrustes(a, b)
    aligned = a @ rotation * scale / (a ** 2).sum() + fixed.mean(0)
    alignments.append(dict(moving=moving.ravel().tolist(), fixed=fixed.ravel().tolist(), aligned=aligned.ravel().tolist()))

texts = grid(rng.normal(size=(40, 8)))
query = grid(rng.normal(size=(1, 8)))
cosines = 1 - cdist(query, texts, "cosine")[0]

print(json.dumps(dict(
    pca=dict(plain=pca(plain), near=pca(near), wide=pca(wide)),
    alignments=alignments,
    ranking=dict(dimensions=8, query=query.ravel().tolist(), texts=texts.ravel().tolist(), cosines=cosines.tolist(),
                 order=np.argsort(-cosines).tolist()),
    trust=trustworthiness(plain, plain[:, :2], n_neighbors=5))))
