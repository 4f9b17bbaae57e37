/**
 * Every objective and every option of a run: label, help, bounds, default and the columns an objective needs, once.
 * The form, its validation, the command line and the documentation are derived from here.
 */
import type { Text } from './problems.ts';

/** What a column of the user's table is used as. `negative` may be given to several columns. */
export const roles = {
  sentence1: { label: { en: 'Sentence 1 (text, anchor, premise)', zh: '句子 1（文本、锚句、前提）' } },
  sentence2: { label: { en: 'Sentence 2 (positive, hypothesis)', zh: '句子 2（正例、假设）' } },
  negative: { label: { en: 'Hard negative', zh: '难负例' } },
  score: { label: { en: 'Similarity score', zh: '相似度分数' } },
  label: { label: { en: 'Label (0/1, entailment …)', zh: '标签（0/1、entailment……）' } },
  ignore: { label: { en: 'Not used', zh: '不使用' } },
} as const satisfies Record<string, { label: Text }>;

export type Role = keyof typeof roles;

type Group = 'objective' | 'training' | 'model' | 'evaluation';

type NumberOption = {
  kind: 'number';
  label: Text;
  help: Text;
  group: Group;
  min: number;
  max: number;
  default: number;
  /** Whole numbers only. */
  whole?: true;
  /** Only for these objectives; absent: for all. */
  only?: readonly string[];
};

type ChoiceOption = {
  kind: 'choice';
  label: Text;
  help: Text;
  group: Group;
  choices: Readonly<Record<string, Text>>;
  default: string;
  only?: readonly string[];
};

export type Option = NumberOption | ChoiceOption;

export const objectives = {
  mnrl: {
    label: { en: 'Multiple negatives ranking', zh: '多负例排序（MNRL）' },
    summary: {
      en: 'Pulls each pair together and pushes it away from every other pair of the batch. The first choice for pairs that mean the same.',
      zh: '拉近每个句对，并推开同一批中的其他句子。有“意思相同”的句对时的首选。',
    },
    needs: ['sentence1', 'sentence2'],
  },
  simcse: {
    label: { en: 'SimCSE (unsupervised)', zh: 'SimCSE（无监督）' },
    summary: {
      en: 'Needs sentences only: each goes through the model twice with different dropout, and the two results are a pair.',
      zh: '只需要句子：每句带着不同的 dropout 通过模型两次，两个结果组成一对。',
    },
    needs: ['sentence1'],
  },
} as const satisfies Record<string, { label: Text; summary: Text; needs: readonly Role[] }>;

export type ObjectiveName = keyof typeof objectives;

export const options = {
  objective: {
    kind: 'choice',
    group: 'objective',
    label: { en: 'Objective', zh: '训练目标' },
    help: { en: 'What the model learns from each row.', zh: '模型从每一行学什么。' },
    choices: { mnrl: objectives.mnrl.label, simcse: objectives.simcse.label },
    default: 'mnrl',
  },
  views: {
    kind: 'choice',
    group: 'objective',
    only: ['simcse'],
    label: { en: 'Views', zh: '视图形式' },
    help: {
      en: 'Two views: each first view against all second views (SimCSE paper). Interleaved: every view against all other views of the batch (bert4keras recipe), twice the negatives.',
      zh: '双视图：每个第一视图对所有第二视图（SimCSE 论文）。交错：每个视图对批内所有其他视图（bert4keras 做法），负例加倍。',
    },
    choices: { 'two-view': { en: 'Two views', zh: '双视图' }, interleaved: { en: 'Interleaved', zh: '交错' } },
    default: 'two-view',
  },
  scale: {
    kind: 'number',
    group: 'objective',
    label: { en: 'Scale', zh: '缩放系数' },
    help: {
      en: 'Cosines are multiplied by this before the softmax; 20 is a temperature of 0.05. Larger: the hardest negatives dominate.',
      zh: '余弦在 softmax 之前乘以此数；20 相当于温度 0.05。越大，越由最难的负例主导。',
    },
    min: 1,
    max: 100,
    default: 20,
  },
  positiveScore: {
    kind: 'number',
    group: 'objective',
    only: ['mnrl'],
    label: { en: 'Positive from', zh: '正例下限' },
    help: {
      en: 'Where the rows carry scores, only pairs from this share of the score range upwards are trained as pairs that mean the same. 0.8 is 4 of 5.',
      zh: '若数据带分数，只有达到分数范围此比例以上的句对才作为同义句对训练。0.8 即满分 5 中的 4。',
    },
    min: 0,
    max: 1,
    default: 0.8,
  },
  epochs: {
    kind: 'number',
    group: 'training',
    whole: true,
    label: { en: 'Epochs', zh: '轮数' },
    help: {
      en: 'How often the whole training data is gone through. More may overfit small data.',
      zh: '遍历全部训练数据的次数。数据少时过多会过拟合。',
    },
    min: 1,
    max: 100,
    default: 3,
  },
  batchSize: {
    kind: 'number',
    group: 'training',
    whole: true,
    label: { en: 'Batch size', zh: '批大小' },
    help: {
      en: 'Rows per step. Larger: more negatives and steadier gradients, more memory and slower steps.',
      zh: '每步的行数。越大，负例越多、梯度越稳，但更占内存、每步更慢。',
    },
    min: 2,
    max: 1024,
    default: 32,
  },
  learningRate: {
    kind: 'number',
    group: 'training',
    label: { en: 'Learning rate', zh: '学习率' },
    help: {
      en: 'The highest step width, reached after the warm-up. Small models like 2e-4, large ones 2e-5. Too high: the loss jumps; too low: nothing moves.',
      zh: '预热后达到的最大步长。小模型适合 2e-4，大模型适合 2e-5。太高损失会跳动，太低则几乎不变。',
    },
    min: 1e-7,
    max: 0.1,
    default: 2e-4,
  },
  warmupShare: {
    kind: 'number',
    group: 'training',
    label: { en: 'Warm-up share', zh: '预热比例' },
    help: {
      en: 'The share of steps over which the learning rate rises from 0; after it, it falls linearly to 0.',
      zh: '学习率从 0 升高所占的步数比例；之后线性降到 0。',
    },
    min: 0,
    max: 1,
    default: 0.1,
  },
  weightDecay: {
    kind: 'number',
    group: 'training',
    label: { en: 'Weight decay', zh: '权重衰减' },
    help: {
      en: 'AdamW pulls weights towards 0 by this share of the learning rate each step; biases and LayerNorm are spared.',
      zh: 'AdamW 每步按学习率的此比例把权重拉向 0；偏置和 LayerNorm 除外。',
    },
    min: 0,
    max: 1,
    default: 0.01,
  },
  maxGradNorm: {
    kind: 'number',
    group: 'training',
    label: { en: 'Gradient clipping', zh: '梯度裁剪' },
    help: { en: 'Gradients are scaled down to this global norm at most.', zh: '梯度的全局范数最多缩放到此值。' },
    min: 0.01,
    max: 1000,
    default: 1,
  },
  seed: {
    kind: 'number',
    group: 'training',
    whole: true,
    label: { en: 'Seed', zh: '随机种子' },
    help: {
      en: 'Fixes the split, the order and the dropout: the same seed on the same device gives the same losses.',
      zh: '固定划分、顺序和 dropout：同一设备上相同种子得到相同的损失。',
    },
    min: 0,
    max: 2147483647,
    default: 1,
  },
  maxLength: {
    kind: 'number',
    group: 'model',
    whole: true,
    label: { en: 'Max length', zh: '最大长度' },
    help: {
      en: 'Longer sentences are cut off after this many tokens. Larger costs time and memory.',
      zh: '超过此词元数的句子会被截断。越大越耗时间和内存。',
    },
    min: 4,
    max: 512,
    default: 64,
  },
  pooling: {
    kind: 'choice',
    group: 'model',
    label: { en: 'Pooling', zh: '池化' },
    help: {
      en: 'How the tokens of a sentence become one embedding: their mean, the first token, or the largest value in each dimension.',
      zh: '一句话的各词元如何合成一个向量：取平均、取首个词元，或每一维取最大值。',
    },
    choices: {
      mean: { en: 'Mean', zh: '平均' },
      cls: { en: 'CLS (first token)', zh: 'CLS（首个词元）' },
      max: { en: 'Max', zh: '最大' },
    },
    default: 'mean',
  },
  dropout: {
    kind: 'number',
    group: 'model',
    label: { en: 'Dropout', zh: 'Dropout' },
    help: {
      en: 'The share of activations set to 0 while training. SimCSE lives on it: 0.1 in English, up to 0.3 in Chinese.',
      zh: '训练时随机置零的激活比例。SimCSE 靠它工作：英文 0.1，中文可到 0.3。',
    },
    min: 0,
    max: 0.9,
    default: 0.1,
  },
  evaluateEvery: {
    kind: 'number',
    group: 'evaluation',
    whole: true,
    label: { en: 'Evaluate every', zh: '评估间隔' },
    help: {
      en: 'Steps between two evaluations; there is always one before the first step and one at the end.',
      zh: '两次评估之间的步数；开始前和结束时总会评估。',
    },
    min: 1,
    max: 1000000,
    default: 20,
  },
  heldOutShare: {
    kind: 'number',
    group: 'evaluation',
    label: { en: 'Held out', zh: '留出比例' },
    help: {
      en: 'The share of rows kept for evaluation when there is no evaluation file, 2,000 at most. No sentence is on both sides.',
      zh: '没有评估文件时留作评估的行的比例，最多 2,000 行。同一句子不会同时出现在两边。',
    },
    min: 0,
    max: 0.5,
    default: 0.1,
  },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof options;

type ValueOf<O> = O extends { kind: 'number' } ? number : O extends { choices: infer C } ? keyof C & string : never;

/** The whole configuration of a run: one value for each option of the catalogue. */
export type RunConfig = { [K in OptionName]: ValueOf<(typeof options)[K]> };

export type PoolingMode = RunConfig['pooling'];

/** The catalogue as a list, typed for walking. */
export const optionEntries = Object.entries(options) as [OptionName, Option][];

/** Whether an option has a meaning for an objective. */
export function appliesTo(option: Option, objective: ObjectiveName): boolean {
  return !option.only || option.only.includes(objective);
}

/** Every option at its default. */
export const defaultConfig = Object.fromEntries(
  optionEntries.map(([name, option]) => [name, option.default]),
) as RunConfig;
