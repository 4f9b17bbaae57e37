/** What the Try step asks a model: rankings, similarities, tokens and maps of embeddings, as plain data. */

/** How far a question with many texts is; of both models together. */
export type TrialProgress = { done: number; total: number };

/** Two texts of the data, with what the data says of them: a similarity 0 … 1, a label, or nothing. */
export type SamplePair = { first: string; second: string; gold: number | string | null };

/**
 * What a model says of one query with each text: cosines, or a cross-encoder's scores or label probabilities; before any
 * training, and now. `before` is null where the head is new.
 */
export type Ranking = {
  kind: 'cosine' | 'score' | 'classes';
  /** Of 'classes': the columns; null else. */
  labels: string[] | null;
  /** `[texts]`, of classes `[texts · labels]`. */
  before: Float32Array | null;
  now: Float32Array;
};

/** Cosine of each first text with each second one, row after row. */
export type SimilarityMatrix = { pairs: SamplePair[]; before: Float32Array; now: Float32Array };

/** One token as the model gets it. */
export type TokenPiece = {
  id: number;
  /** As the vocabulary writes it. */
  piece: string;
  kind: 'special' | 'unknown' | 'known';
  /** Beyond the maximum length: the model never sees it. */
  cut: boolean;
  /** The text it stands for where the piece does not say: of an unknown token, where it can be told, and of bytes. */
  source: string | null;
};

export type TokenView = { pieces: TokenPiece[]; maxLength: number };

export type MapMethod = 'pca' | 'umap';

/** Sentences of the evaluation as points of a plane, at one evaluation after the other. */
export type EmbeddingMap = {
  texts: string[];
  /** Numbers of two texts, and what the data says of them. */
  pairs: { first: number; second: number; gold: number | string | null }[];
  /** Where each text lies, `[texts · 2]`; the first is before training where there was any. */
  frames: { step: number; positions: Float32Array }[];
  /** Shares of the last frame's variance along both axes; null but of PCA. */
  explained: [number, number] | null;
};
