/**
 * Every option of a run: label, help, bounds, default and the objectives it has a meaning for, once.
 * The form, its validation, the command line and the documentation are derived from here.
 */
import { judgingMetrics, type MetricName, metrics } from './metrics.ts';
import { type ObjectiveName, objectives } from './objectives.ts';
import type { Text } from './problems.ts';

type Group = 'objective' | 'training' | 'model' | 'evaluation';

/** What every option has. `only`: the objectives it has a meaning for; `suits`: defaults of single objectives. */
type Common<V> = {
  label: Text;
  help: Text;
  group: Group;
  default: V;
  only?: readonly string[];
  suits?: Readonly<Record<string, V>>;
};

type NumberOption = Common<number> & {
  kind: 'number';
  min: number;
  max: number;
  /** Whole numbers only. */
  whole?: true;
};

/** Numbers in a row, separated by commas; none at all is a value, too. */
type ListOption = Common<readonly number[]> & { kind: 'list'; min: number; max: number; whole?: true };

type ChoiceOption = Common<string> & { kind: 'choice'; choices: Readonly<Record<string, Text>> };

export type Option = NumberOption | ListOption | ChoiceOption;

const noYes = { no: { en: 'No', zh: '否' }, yes: { en: 'Yes', zh: '是' } } as const;

const objectiveChoices = Object.fromEntries(
  Object.entries(objectives).map(([name, { label }]) => [name, label]),
) as Record<ObjectiveName, Text>;

const metricChoices = {
  auto: { en: 'What suits the data', zh: '按数据自动选择' },
  ...Object.fromEntries(judgingMetrics.map((name) => [name, metrics[name].label])),
} as Record<'auto' | MetricName, Text>;

const ranking = ['mnrl', 'cached-mnrl', 'simcse', 'simcse-supervised'];
const classifiers = ['softmax', 'cross-encoder'];
const embedders = (Object.keys(objectives) as ObjectiveName[]).filter((name) => name !== 'cross-encoder');

export const options = {
  objective: {
    kind: 'choice',
    group: 'objective',
    label: { en: 'Objective', zh: '训练目标' },
    help: { en: 'What the model learns from each row.', zh: '模型从每一行学什么。' },
    choices: objectiveChoices,
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
  symmetric: {
    kind: 'choice',
    group: 'objective',
    only: ['mnrl', 'cached-mnrl'],
    label: { en: 'Symmetric', zh: '对称' },
    help: {
      en: 'Yes: each positive must also find its own anchor among all anchors, and both losses are averaged. Good where either side can be the query.',
      zh: '是：每个正例也要在所有锚句中找到自己的锚句，两个损失取平均。适合两边都可能作查询的数据。',
    },
    choices: noYes,
    default: 'no',
  },
  scale: {
    kind: 'number',
    group: 'objective',
    only: [...ranking, 'cosent', 'angle'],
    label: { en: 'Scale', zh: '缩放系数' },
    help: {
      en: 'Cosines are multiplied by this before the softmax; 20 is a temperature of 0.05. Larger: the hardest negatives dominate.',
      zh: '余弦在 softmax 之前乘以此数；20 相当于温度 0.05。越大，越由最难的负例主导。',
    },
    min: 1,
    max: 100,
    default: 20,
  },
  margin: {
    kind: 'number',
    group: 'objective',
    only: ['contrastive', 'online-contrastive', 'triplet'],
    suits: { triplet: 5 },
    label: { en: 'Margin', zh: '间隔' },
    help: {
      en: 'How far apart what is different must lie before it stops counting. Cosine distances go from 0 to 2: 0.5 suits them; Euclidean ones of unnormalised embeddings: 5.',
      zh: '不同的句子要相隔多远才不再计入损失。余弦距离为 0 到 2，适合 0.5；未归一化向量的欧氏距离适合 5。',
    },
    min: 0,
    max: 100,
    default: 0.5,
  },
  distance: {
    kind: 'choice',
    group: 'objective',
    only: ['triplet'],
    label: { en: 'Distance', zh: '距离' },
    help: {
      en: 'How far apart two embeddings are: straight line, 1 − cosine, or the sum of differences.',
      zh: '两个向量的距离：直线距离、1 − 余弦，或各维差的绝对值之和。',
    },
    choices: {
      euclidean: { en: 'Euclidean', zh: '欧氏' },
      cosine: { en: 'Cosine', zh: '余弦' },
      manhattan: { en: 'Manhattan', zh: '曼哈顿' },
    },
    default: 'euclidean',
  },
  positiveScore: {
    kind: 'number',
    group: 'objective',
    only: ['mnrl', 'cached-mnrl', 'contrastive', 'online-contrastive'],
    label: { en: 'Positive from', zh: '正例下限' },
    help: {
      en: 'Where the rows carry scores, pairs from this share of the score range upwards count as pairs that mean the same. 0.8 is 4 of 5.',
      zh: '若数据带分数，达到分数范围此比例以上的句对算作同义句对。0.8 即满分 5 中的 4。',
    },
    min: 0,
    max: 1,
    default: 0.8,
  },
  miniBatchSize: {
    kind: 'number',
    group: 'objective',
    only: ['cached-mnrl'],
    whole: true,
    label: { en: 'Mini-batch size', zh: '小批大小' },
    help: {
      en: 'Texts that go through the model at once. It bounds the memory and changes nothing else.',
      zh: '一次通过模型的文本数。它只限制内存，不改变结果。',
    },
    min: 1,
    max: 1024,
    default: 32,
  },
  labelSmoothing: {
    kind: 'number',
    group: 'objective',
    only: classifiers,
    label: { en: 'Label smoothing', zh: '标签平滑' },
    help: {
      en: 'This share of every label is spread over all labels, so that the classifier stays less sure of itself. Helps with noisy labels.',
      zh: '把每个标签的这一份额平均分给所有标签，使分类器不过于自信。标签有噪声时有用。',
    },
    min: 0,
    max: 0.9,
    default: 0,
  },
  matryoshka: {
    kind: 'list',
    group: 'objective',
    only: embedders,
    whole: true,
    label: { en: 'Matryoshka dimensions', zh: '套娃维度（Matryoshka）' },
    help: {
      en: 'The loss is also taken on the first so many dimensions, e.g. 128, 64, 32: embeddings may then be cut to any of them with little loss. Empty: off.',
      zh: '损失也在前若干维上计算，例如 128, 64, 32：之后向量可截到其中任一长度而损失很小。留空为关闭。',
    },
    min: 1,
    max: 8192,
    default: [],
  },
  matryoshkaWeights: {
    kind: 'list',
    group: 'objective',
    only: embedders,
    label: { en: 'Matryoshka weights', zh: '套娃权重' },
    help: {
      en: 'What the loss of each dimension counts, in the same order. Empty: 1 each.',
      zh: '各维度损失的权重，次序相同。留空则各为 1。',
    },
    min: 0,
    max: 1000,
    default: [],
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
    max: 4096,
    default: 32,
    suits: { 'cached-mnrl': 256 },
  },
  accumulation: {
    kind: 'number',
    group: 'training',
    whole: true,
    label: { en: 'Gradient accumulation', zh: '梯度累积' },
    help: {
      en: 'Gradients of this many batches are added up for one update: the large batch in the memory of the small one. Not for objectives whose negatives come from the batch.',
      zh: '把这么多批的梯度累加后更新一次：用小批内存得到大批效果。不适用于负例来自同批的目标。',
    },
    min: 1,
    max: 256,
    default: 1,
  },
  optimizer: {
    kind: 'choice',
    group: 'training',
    label: { en: 'Optimizer', zh: '优化器' },
    help: {
      en: 'AdamW: Adam with decoupled weight decay, the usual choice. Adam: decay is part of the gradient. SGD: plain steps with momentum, needs a much larger learning rate.',
      zh: 'AdamW：权重衰减解耦的 Adam，通常首选。Adam：衰减并入梯度。SGD：带动量的普通梯度步，需要大得多的学习率。',
    },
    choices: {
      adamw: { en: 'AdamW', zh: 'AdamW' },
      adam: { en: 'Adam', zh: 'Adam' },
      sgd: { en: 'SGD with momentum', zh: '带动量的 SGD' },
    },
    default: 'adamw',
  },
  momentum: {
    kind: 'number',
    group: 'training',
    label: { en: 'Momentum (SGD)', zh: '动量（SGD）' },
    help: {
      en: 'The share of the last step that SGD keeps. The other optimizers have momentum of their own.',
      zh: 'SGD 保留上一步的比例。其他优化器自带动量。',
    },
    min: 0,
    max: 0.999,
    default: 0.9,
  },
  learningRate: {
    kind: 'number',
    group: 'training',
    suits: { 'cross-encoder': 5e-5 },
    label: { en: 'Learning rate', zh: '学习率' },
    help: {
      en: 'The highest step width, reached after the warm-up. Small models like 2e-4, large ones 2e-5. Too high: the loss jumps; too low: nothing moves.',
      zh: '预热后达到的最大步长。小模型适合 2e-4，大模型适合 2e-5。太高损失会跳动，太低则几乎不变。',
    },
    min: 1e-7,
    max: 0.1,
    default: 2e-4,
  },
  schedule: {
    kind: 'choice',
    group: 'training',
    label: { en: 'Schedule', zh: '学习率曲线' },
    help: {
      en: 'What the learning rate does after the warm-up: falls in a straight line to 0, along a cosine to 0, or stays.',
      zh: '预热之后学习率如何变化：直线降到 0、按余弦降到 0，或保持不变。',
    },
    choices: {
      linear: { en: 'Linear decay', zh: '线性下降' },
      cosine: { en: 'Cosine decay', zh: '余弦下降' },
      constant: { en: 'Constant', zh: '恒定' },
    },
    default: 'linear',
  },
  warmupShare: {
    kind: 'number',
    group: 'training',
    label: { en: 'Warm-up share', zh: '预热比例' },
    help: {
      en: 'The share of steps over which the learning rate rises from 0.',
      zh: '学习率从 0 升高所占的步数比例。',
    },
    min: 0,
    max: 1,
    default: 0.1,
  },
  warmupSteps: {
    kind: 'number',
    group: 'training',
    whole: true,
    label: { en: 'Warm-up steps', zh: '预热步数' },
    help: {
      en: 'The warm-up as a number of steps instead; 0 uses the share.',
      zh: '改以步数指定预热；0 表示使用比例。',
    },
    min: 0,
    max: 1000000,
    default: 0,
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
  layerDecay: {
    kind: 'number',
    group: 'training',
    label: { en: 'Layer-wise decay', zh: '逐层学习率衰减' },
    help: {
      en: 'Each layer below the top learns at this share of the rate of the layer above it; 1 is the same rate everywhere. 0.9 keeps what the lower layers know.',
      zh: '从顶层往下，每层的学习率是上一层的此比例；1 表示各层相同。0.9 可保留底层知识。',
    },
    min: 0.1,
    max: 1,
    default: 1,
  },
  freezeEmbeddings: {
    kind: 'choice',
    group: 'training',
    label: { en: 'Freeze embeddings', zh: '冻结词嵌入' },
    help: {
      en: 'Yes: word, position and type embeddings stay as they are. Saves memory and protects words that your data lacks.',
      zh: '是：词、位置和类型嵌入保持不变。节省内存，并保护数据中没有的词。',
    },
    choices: noYes,
    default: 'no',
  },
  freezeLayers: {
    kind: 'number',
    group: 'training',
    whole: true,
    label: { en: 'Freeze lowest layers', zh: '冻结底层数' },
    help: {
      en: 'So many layers, counted from the lowest, stay as they are.',
      zh: '从最底层数起，这么多层保持不变。',
    },
    min: 0,
    max: 96,
    default: 0,
  },
  recompute: {
    kind: 'choice',
    group: 'training',
    label: { en: 'Recompute activations', zh: '重算激活值' },
    help: {
      en: 'Yes: of each layer only the input is kept, and the layer runs again for its gradients. Same losses in much less memory; a step takes about a third longer.',
      zh: '是：每层只保留输入，求梯度时重新计算该层。损失不变，内存大幅减少，每步约慢三分之一。',
    },
    choices: noYes,
    default: 'no',
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
    only: embedders,
    label: { en: 'Pooling', zh: '池化' },
    help: {
      en: 'How the tokens of a sentence become one embedding: their mean, the first token, the largest value in each dimension, the mean of the first and the last layer, or what the model’s own pooler makes of the first token.',
      zh: '一句话的各词元如何合成一个向量：取平均、取首个词元、每一维取最大值、首末两层的平均，或模型自带 pooler 对首词元的输出。',
    },
    choices: {
      mean: { en: 'Mean', zh: '平均' },
      cls: { en: 'CLS (first token)', zh: 'CLS（首个词元）' },
      max: { en: 'Max', zh: '最大' },
      mean_sqrt_len: { en: 'Mean, by the root of the length', zh: '平均（除以长度平方根）' },
      first_last_avg: { en: 'First and last layer, mean', zh: '首末层平均' },
      pooler: { en: 'Pooler output', zh: 'Pooler 输出' },
    },
    default: 'mean',
  },
  normalize: {
    kind: 'choice',
    group: 'model',
    only: embedders,
    suits: { triplet: 'no', softmax: 'no' },
    label: { en: 'Normalise embeddings', zh: '向量归一化' },
    help: {
      en: 'Yes: every embedding has length 1, in training and in the export, so that dot product and cosine are the same.',
      zh: '是：训练和导出的每个向量长度都为 1，点积与余弦相同。',
    },
    choices: noYes,
    default: 'yes',
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
  metric: {
    kind: 'choice',
    group: 'evaluation',
    label: { en: 'Judge by', zh: '评判指标' },
    help: {
      en: 'The metric that the chart shows, and by which the best weights and an early stop are chosen. Where the data does not give it, what suits the data is taken.',
      zh: '图表显示的指标，也用来选择最佳权重和提前停止。数据不能给出该指标时，按数据自动选择。',
    },
    choices: metricChoices,
    default: 'auto',
  },
  keep: {
    kind: 'choice',
    group: 'evaluation',
    label: { en: 'Keep', zh: '保留' },
    help: {
      en: 'Which weights the model has after the run: those of the last step, or of the best evaluation.',
      zh: '训练结束后保留哪一组权重：最后一步的，还是评估最佳时的。',
    },
    choices: { last: { en: 'Last weights', zh: '最后的权重' }, best: { en: 'Best weights', zh: '最佳的权重' } },
    default: 'last',
  },
  patience: {
    kind: 'number',
    group: 'evaluation',
    whole: true,
    label: { en: 'Early stopping after', zh: '提前停止' },
    help: {
      en: 'The run ends after so many evaluations in a row without a new best; 0 is off.',
      zh: '连续这么多次评估都没有新的最佳值时结束训练；0 为关闭。',
    },
    min: 0,
    max: 1000,
    default: 0,
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

type ValueOf<O> = O extends { kind: 'number' }
  ? number
  : O extends { kind: 'list' }
    ? readonly number[]
    : O extends { choices: infer C }
      ? keyof C & string
      : never;

/** The whole configuration of a run: one value for each option of the catalogue. */
export type RunConfig = { [K in OptionName]: ValueOf<(typeof options)[K]> };

export type PoolingMode = RunConfig['pooling'];

/** The catalogue as a list, typed for walking. */
export const optionEntries = Object.entries(options) as [OptionName, Option][];

/** Whether an option has a meaning for an objective. */
export function appliesTo(option: Option, objective: ObjectiveName): boolean {
  return !option.only || option.only.includes(objective);
}

/** An option's default under an objective. */
export function defaultOf(option: Option, objective: ObjectiveName): Option['default'] {
  return option.suits?.[objective] ?? option.default;
}

/** Every option at its default for an objective. */
export function defaultsFor(objective: ObjectiveName): RunConfig {
  const values = optionEntries.map(([name, option]) => [name, defaultOf(option, objective)]);
  return { ...Object.fromEntries(values), objective } as RunConfig;
}

/** Every option at its default. */
export const defaultConfig = defaultsFor('mnrl');
