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

/** What a number does if it is larger, and if it is smaller, than it stands. */
type Effects = { larger: Text; smaller: Text };

type NumberOption = Common<number> &
  Effects & {
    kind: 'number';
    min: number;
    max: number;
    /** Whole numbers only. */
    whole?: true;
  };

/** Numbers in a row, separated by commas; none at all is a value, too. */
type ListOption = Common<readonly number[]> & Effects & { kind: 'list'; min: number; max: number; whole?: true };

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
      en: 'Cosines are multiplied by this before the softmax; 20 is a temperature of 0.05.',
      zh: '余弦在 softmax 之前乘以此数；20 相当于温度 0.05。',
    },
    larger: {
      en: 'The hardest negatives dominate and the gradients grow; past 50 or so, single mislabelled pairs do.',
      zh: '由最难的负例主导，梯度变大；超过约 50 时，个别标错的句对也会左右训练。',
    },
    smaller: {
      en: 'All negatives count nearly alike, the loss falls slowly and embeddings move apart less.',
      zh: '各负例作用相近，损失降得慢，向量拉得不够开。',
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
    larger: {
      en: 'Different sentences are pushed further apart and more pairs go on counting; too large, and none is ever far enough.',
      zh: '不同的句子被推得更远，更多句对继续计入；太大则永远不够远。',
    },
    smaller: {
      en: 'Pairs stop counting sooner; too small, and hardly anything is learnt.',
      zh: '句对更早不再计入；太小则几乎学不到东西。',
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
    larger: { en: 'Fewer pairs, and only those that surely mean the same.', zh: '句对更少，但都确实同义。' },
    smaller: {
      en: 'More pairs, some of which only resemble each other; the model learns that looser sense.',
      zh: '句对更多，但有些只是相近，模型会学到较宽松的“相同”。',
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
    help: { en: 'Texts that go through the model at once.', zh: '一次通过模型的文本数。' },
    larger: {
      en: 'Faster on a device with room, more memory. The losses stay the same.',
      zh: '设备有余量时更快，但更占内存。损失不变。',
    },
    smaller: { en: 'Less memory, a little slower. The losses stay the same.', zh: '更省内存，稍慢。损失不变。' },
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
    larger: {
      en: 'The classifier is less sure and minds noisy labels less; too large, and it says nothing clearly.',
      zh: '分类器更保守，较不怕噪声标签；太大则什么都说不清。',
    },
    smaller: { en: 'Labels are believed as they stand; 0 is off.', zh: '更相信标签本身；0 为关闭。' },
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
    larger: {
      en: 'Long prefixes only: they keep nearly all of the quality, and save less.',
      zh: '只有较长的前缀：质量几乎不损，节省也少。',
    },
    smaller: {
      en: 'Short prefixes, too: embeddings of a tenth of the size are usable, at some cost to the full ones.',
      zh: '也有很短的前缀：十分之一大小的向量也可用，但完整向量略受影响。',
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
    larger: { en: 'That dimension gets better, at the cost of the others.', zh: '该维度更好，其他维度略差。' },
    smaller: { en: 'That dimension matters less; 0 leaves it out.', zh: '该维度影响更小；0 为不计入。' },
    min: 0,
    max: 1000,
    default: [],
  },
  epochs: {
    kind: 'number',
    group: 'training',
    whole: true,
    label: { en: 'Epochs', zh: '轮数' },
    help: { en: 'How often the whole training data is gone through.', zh: '遍历全部训练数据的次数。' },
    larger: {
      en: 'Fits the data more closely and takes longer; small data is learnt by heart.',
      zh: '更贴合数据，用时更长；数据少时会死记。',
    },
    smaller: {
      en: 'Done sooner; too few, and the model has not learnt what it could.',
      zh: '更快结束；太少则学得不够。',
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
    help: { en: 'Rows per step.', zh: '每步的行数。' },
    larger: {
      en: 'Steadier gradients and, where negatives come from the batch, more of them; more memory, slower and fewer steps.',
      zh: '梯度更稳；若负例取自同批，负例也更多；但更占内存，每步更慢，步数更少。',
    },
    smaller: {
      en: 'Less memory and more, noisier steps; ranking objectives have fewer negatives and learn less.',
      zh: '更省内存，步数更多但噪声更大；排序类目标的负例更少，学得更少。',
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
    larger: {
      en: 'Acts like a larger batch in the same memory: steadier, fewer updates, longer between them.',
      zh: '在同样内存下相当于更大的批：更稳，但更新更少、间隔更长。',
    },
    smaller: { en: 'More updates, each from fewer rows; 1 is off.', zh: '更新更频繁，每次所用的行更少；1 为关闭。' },
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
    larger: {
      en: 'Steps keep their direction longer: faster along valleys, and overshooting near their end.',
      zh: '步子更久地保持方向：沿谷底更快，接近终点时易冲过头。',
    },
    smaller: { en: 'Each step follows its own batch; slower and more jittery.', zh: '每步只看当前批；更慢也更抖。' },
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
      en: 'The highest step width, reached after the warm-up. Small models like 2e-4, large ones 2e-5.',
      zh: '预热后达到的最大步长。小模型适合 2e-4，大模型适合 2e-5。',
    },
    larger: {
      en: 'Learns faster; too high, and the loss jumps, rises, or the embeddings collapse.',
      zh: '学得更快；太高时损失跳动、回升，或向量坍缩。',
    },
    smaller: {
      en: 'Steadier and slower; too low, and nothing moves before the run ends.',
      zh: '更稳更慢；太低则到结束也几乎不变。',
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
    larger: {
      en: 'A gentler start, which large rates and new heads want; less of the run at the full rate.',
      zh: '起步更平缓，适合大学习率和新的分类头；全速训练的部分更短。',
    },
    smaller: {
      en: 'The full rate is there sooner; too soon, and the first steps spoil what the model knows.',
      zh: '更早达到全速；过早时最初几步会破坏模型已有的知识。',
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
    larger: { en: 'A gentler start and less of the run at the full rate.', zh: '起步更平缓，全速训练的部分更短。' },
    smaller: { en: 'The full rate is there sooner; 0 goes by the share.', zh: '更早达到全速；0 表示按比例。' },
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
    larger: {
      en: 'Weights stay smaller, which holds overfitting back a little; too large, and knowledge fades.',
      zh: '权重更小，略微抑制过拟合；太大则会遗忘。',
    },
    smaller: {
      en: 'Weights are freer; 0 is off. On short runs the difference is slight.',
      zh: '权重更自由；0 为关闭。训练短时差别很小。',
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
    larger: {
      en: 'Fewer steps are cut; single wild batches can throw the model off.',
      zh: '更少的步被裁剪；个别异常批可能带偏模型。',
    },
    smaller: {
      en: 'More steps are cut, until the limit rather than the learning rate sets their width.',
      zh: '更多的步被裁剪，直到步长由上限而不是学习率决定。',
    },
    min: 0.01,
    max: 1000,
    default: 1,
  },
  layerDecay: {
    kind: 'number',
    group: 'training',
    label: { en: 'Layer-wise decay', zh: '逐层学习率衰减' },
    help: {
      en: 'Each layer below the top learns at this share of the rate of the layer above it.',
      zh: '从顶层往下，每层的学习率是上一层的此比例。',
    },
    larger: {
      en: 'The layers learn more alike; 1 is the same rate everywhere.',
      zh: '各层学习更一致；1 表示各层相同。',
    },
    smaller: {
      en: 'Lower layers keep more of what they know, and adapt less to your texts.',
      zh: '底层保留更多已有知识，对您的文本适应更少。',
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
    larger: {
      en: 'Less memory, faster steps and less forgetting; the model adapts less.',
      zh: '更省内存、更快、遗忘更少；但适应也更少。',
    },
    smaller: { en: 'More of the model learns; 0 is all of it.', zh: '更多的层参与学习；0 表示全部。' },
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
  precision: {
    kind: 'choice',
    group: 'training',
    label: { en: 'Activations', zh: '激活值精度' },
    help: {
      en: '16 bits: hidden states and their gradients take half the memory and bandwidth, at about three digits; weights, sums and the optimiser keep 32. The loss is scaled, and a step whose gradients overflow is left out. WebGPU only: on WASM, and for layers whose sizes are no multiples of 4 or whose activation is not GELU, it stays at 32.',
      zh: '16 位：隐藏状态及其梯度的内存与带宽减半，约三位有效数字；权重、求和与优化器仍为 32 位。损失会缩放，梯度溢出的步会跳过。仅限 WebGPU：在 WASM 上，或层的尺寸不是 4 的倍数、激活函数不是 GELU 时，仍为 32 位。',
    },
    choices: {
      float32: { en: '32 bits', zh: '32 位' },
      'float16-storage': { en: '16 bits', zh: '16 位' },
    },
    default: 'float32',
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
    larger: {
      en: 'Neither better nor worse: another draw. Several seeds tell luck from progress.',
      zh: '不好也不坏：只是另一次抽签。多试几个种子可分辨运气与进步。',
    },
    smaller: { en: 'Neither better nor worse: another draw.', zh: '不好也不坏：只是另一次抽签。' },
    min: 0,
    max: 2147483647,
    default: 1,
  },
  maxLength: {
    kind: 'number',
    group: 'model',
    whole: true,
    label: { en: 'Max length', zh: '最大长度' },
    help: { en: 'Longer sentences are cut off after this many tokens.', zh: '超过此词元数的句子会被截断。' },
    larger: {
      en: 'More of long texts is read; time grows with the length, memory of attention with its square.',
      zh: '长文本读得更多；时间随长度增加，注意力内存随其平方增加。',
    },
    smaller: { en: 'Faster and lighter; what lies behind the cut is lost.', zh: '更快更省；截断之后的内容会丢失。' },
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
    larger: {
      en: 'Holds overfitting back and, in SimCSE, makes the two views differ more; too large, and the signal drowns.',
      zh: '抑制过拟合；在 SimCSE 中使两个视图差别更大；太大则信号被淹没。',
    },
    smaller: {
      en: 'Fits the data more closely; at 0 SimCSE has nothing to learn from.',
      zh: '更贴合数据；为 0 时 SimCSE 无从学习。',
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
    larger: {
      en: 'Less time spent on judging, a coarser curve, and a best step found less exactly.',
      zh: '评估用时更少，曲线更粗，最佳步找得不够准。',
    },
    smaller: {
      en: 'A finer curve and an earlier early stop; the run takes longer.',
      zh: '曲线更细，提前停止更及时；整个训练更久。',
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
    larger: { en: 'Sits out longer dips before it gives up.', zh: '能熬过更长的低谷再放弃。' },
    smaller: {
      en: 'Stops sooner, perhaps before a second rise; 0 never stops.',
      zh: '更早停止，也许错过再次上升；0 为从不提前停止。',
    },
    min: 0,
    max: 1000,
    default: 0,
  },
  checkpointEvery: {
    kind: 'number',
    group: 'evaluation',
    whole: true,
    label: { en: 'Checkpoint every', zh: '检查点间隔' },
    help: {
      en: 'Steps between two checkpoints, from which a run can continue after a reload or a crash. Each best evaluation is one, too.',
      zh: '两个检查点之间的步数；刷新或崩溃后可从检查点继续训练。每次评估创出最佳时也会保存一个。',
    },
    larger: {
      en: 'Less time goes into saving, and more steps are lost in a crash.',
      zh: '保存占用的时间更少，但崩溃时丢失的步数更多。',
    },
    smaller: {
      en: 'Less is lost in a crash, and each checkpoint takes a moment. At 0 only the best evaluations are saved.',
      zh: '崩溃时丢失得更少，但每次保存都要花一点时间。为 0 时只保存最佳评估。',
    },
    min: 0,
    max: 1000000,
    default: 100,
  },
  heldOutShare: {
    kind: 'number',
    group: 'evaluation',
    label: { en: 'Held out', zh: '留出比例' },
    help: {
      en: 'The share of rows kept for evaluation when there is no evaluation file, 2,000 at most. No sentence is on both sides.',
      zh: '没有评估文件时留作评估的行的比例，最多 2,000 行。同一句子不会同时出现在两边。',
    },
    larger: { en: 'Surer figures, from fewer rows to train on.', zh: '评估更可靠，但训练用的行更少。' },
    smaller: {
      en: 'More rows to train on, figures that rest on few pairs; 0 judges nothing.',
      zh: '训练用的行更多，但评估只靠少数句对；0 为不评估。',
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
