/**
 * Everything that can be wrong with a user's file, model, option or device, as one table of sentences in both languages.
 * A problem crosses the thread as `{code, params}`; each sentence says what happened, where, and what to do next.
 */

/** A text in every language of the page. */
export type Text = { en: string; zh: string };

export const problemTexts = {
  // files with data
  'file-empty': {
    en: '“{{file}}” is empty. Choose a file with at least one row of text.',
    zh: '“{{file}}”是空文件。请选择至少有一行文本的文件。',
  },
  'file-binary': {
    en: '“{{file}}” is not a text file. Save the table as CSV, TSV or JSONL (from Excel: Save as → CSV UTF-8) and drop that.',
    zh: '“{{file}}”不是文本文件。请把表格另存为 CSV、TSV 或 JSONL（Excel：另存为 → CSV UTF-8），再拖进来。',
  },
  'file-no-text-column': {
    en: '“{{file}}” has no column with text. At least one column must hold sentences.',
    zh: '“{{file}}”没有文本列。至少要有一列是句子。',
  },
  'file-unreadable': {
    en: '“{{file}}” could not be read: {{reason}}. Check that the file still exists and drop it again.',
    zh: '无法读取“{{file}}”：{{reason}}。请确认文件还在，然后重新拖入。',
  },
  'data-too-few': {
    en: 'Only {{count}} usable rows are left for training, and the objective needs at least {{needed}}. Add rows, or mend the rows listed as left out.',
    zh: '可用于训练的只有 {{count}} 行，而该目标至少需要 {{needed}} 行。请增加数据，或修正被剔除的行。',
  },
  'data-missing-role': {
    en: '{{objective}} needs a column for “{{role}}”. Choose it above the preview, or pick another objective.',
    zh: '{{objective}} 需要一列作为“{{role}}”。请在预览上方指定，或改选其他目标。',
  },
  'evaluation-unusable': {
    en: 'The evaluation file “{{file}}” has no usable pair: it needs two sentences in each row. Check its columns or remove it.',
    zh: '评估文件“{{file}}”没有可用的句对：每行需要两个句子。请检查它的列，或移除该文件。',
  },
  // rows of a data file
  'row-missing-text': { en: 'No text in column “{{column}}”.', zh: '“{{column}}”列没有文本。' },
  'row-bad-score': {
    en: '“{{value}}” in column “{{column}}” is not a number.',
    zh: '“{{column}}”列的“{{value}}”不是数字。',
  },
  'row-score-range': {
    en: 'Score {{value}} is outside the range {{low}} to {{high}} of the other rows.',
    zh: '分数 {{value}} 超出其他行的范围 {{low}} 到 {{high}}。',
  },
  'row-bad-label': {
    en: 'Label “{{value}}” is not one of 0, 1, entailment, neutral, contradiction.',
    zh: '标签“{{value}}”不是 0、1、entailment、neutral 或 contradiction。',
  },
  'row-field-count': {
    en: 'Number of fields: {{found}}; the table has {{expected}} columns.',
    zh: '字段数为 {{found}}，而表格有 {{expected}} 列。',
  },
  'row-bad-quotes': {
    en: 'A quotation mark is opened or closed in the wrong place.',
    zh: '引号的开头或结尾位置不对。',
  },
  'row-bad-json': { en: 'Not a JSON object: {{reason}}.', zh: '不是 JSON 对象：{{reason}}。' },
  // models
  'model-missing-file': {
    en: '“{{source}}” has no {{file}}. A model needs config.json, model.safetensors and tokenizer.json (or vocab.txt).',
    zh: '“{{source}}”缺少 {{file}}。模型需要 config.json、model.safetensors 和 tokenizer.json（或 vocab.txt）。',
  },
  'model-not-a-zip': {
    en: '“{{file}}” is not a zip archive, or it is cut off. Export the model again and drop the whole file.',
    zh: '“{{file}}”不是 zip 文件，或内容不完整。请重新导出模型，拖入完整的文件。',
  },
  'model-broken-json': {
    en: '{{file}} of “{{source}}” is not valid: {{reason}}.',
    zh: '“{{source}}”的 {{file}} 无效：{{reason}}。',
  },
  'model-unsupported': {
    en: '“{{source}}” is a {{what}}, which cannot be trained here yet. Choose a BERT model.',
    zh: '“{{source}}”是 {{what}}，这里暂时不能训练。请选择 BERT 模型。',
  },
  'tensors-broken': {
    en: '{{file}} is damaged: {{reason}}. Download or export it again.',
    zh: '{{file}} 已损坏：{{reason}}。请重新下载或导出。',
  },
  'tensor-missing': {
    en: '{{file}} has no tensor “{{tensor}}”, which config.json calls for.',
    zh: '{{file}} 缺少 config.json 所要求的张量“{{tensor}}”。',
  },
  'tensor-shape': {
    en: 'Tensor “{{tensor}}” in {{file}} has shape [{{found}}] where config.json calls for [{{expected}}].',
    zh: '{{file}} 中的张量“{{tensor}}”形状为 [{{found}}]，而 config.json 要求 [{{expected}}]。',
  },
  'tensor-broken': {
    en: 'Tensor “{{tensor}}” in {{file}} is damaged: {{reason}}.',
    zh: '{{file}} 中的张量“{{tensor}}”已损坏：{{reason}}。',
  },
  'download-failed': {
    en: '{{url}} could not be loaded ({{reason}}). Check the connection and try again.',
    zh: '无法加载 {{url}}（{{reason}}）。请检查网络后重试。',
  },
  // options
  'option-not-a-number': { en: 'Enter a number.', zh: '请输入数字。' },
  'option-not-whole': { en: 'Enter a whole number.', zh: '请输入整数。' },
  'option-range': { en: 'Enter a number from {{min}} to {{max}}.', zh: '请输入 {{min}} 到 {{max}} 之间的数。' },
  'option-choice': { en: 'Choose one of: {{choices}}.', zh: '请从以下选项中选择：{{choices}}。' },
  'option-invalid': { en: '{{option}}: {{reason}}', zh: '{{option}}：{{reason}}' },
  'option-positions': {
    en: 'This model reads at most {{max}} tokens. Enter a number from 4 to {{max}}.',
    zh: '该模型最多读取 {{max}} 个词元。请输入 4 到 {{max}} 之间的数。',
  },
  // device and run
  'webgpu-missing': {
    en: 'No WebGPU adapter was found, so WebGPU cannot be forced. Remove ?backend=webgpu from the address, or use a current Chrome or Edge.',
    zh: '没有找到 WebGPU 适配器，无法强制使用。请去掉网址中的 ?backend=webgpu，或使用最新的 Chrome 或 Edge。',
  },
  'webgpu-error': {
    en: 'The graphics device reported an error at step {{step}}: {{reason}}. Its results cannot be trusted any more. Reload the page with ?backend=wasm to train on the processor.',
    zh: '第 {{step}} 步时图形设备报错：{{reason}}。之后的结果不可信。可用 ?backend=wasm 重新打开页面，在处理器上训练。',
  },
  'webgpu-lost': {
    en: 'The graphics device was lost at step {{step}}: {{reason}}. Close other programs that use it, reload the page and train again.',
    zh: '第 {{step}} 步时图形设备丢失：{{reason}}。请关闭占用它的其他程序，重新加载页面后再训练。',
  },
  'loss-not-finite': {
    en: 'The loss became {{value}} at step {{step}}. The weights before that step are kept. Lower the learning rate (now {{learningRate}}) or lengthen the warm-up.',
    zh: '第 {{step}} 步的损失变为 {{value}}。此前的权重已保留。请降低学习率（当前 {{learningRate}}）或延长预热。',
  },
  'out-of-memory': {
    en: 'The device ran out of memory at step {{step}}. Choose a smaller batch (now {{batchSize}}) or a smaller maximum length.',
    zh: '第 {{step}} 步时设备内存不足。请减小批大小（当前 {{batchSize}}）或最大长度。',
  },
  'run-active': { en: 'A run is in progress. Stop it first.', zh: '训练正在进行。请先停止。' },
  'no-model': {
    en: 'No model is loaded. Choose a preset or drop a model first.',
    zh: '尚未加载模型。请先选择预设或拖入模型。',
  },
  'no-data': {
    en: 'No training data is loaded. Drop a file or take the sample first.',
    zh: '尚未加载训练数据。请先拖入文件或使用示例。',
  },
  unexpected: { en: 'Something unexpected went wrong: {{reason}}.', zh: '发生意外错误：{{reason}}。' },
} as const satisfies Record<string, Text>;

export type ProblemCode = keyof typeof problemTexts;

/** The names in braces of a sentence. */
type Names<S extends string> = S extends `${string}{{${infer Name}}}${infer Rest}` ? Name | Names<Rest> : never;

/** A value in a sentence; a text is said in the sentence's own language. */
type Value = string | number | Text;

/** The values a problem's sentence needs, by name. */
export type ProblemParams<C extends ProblemCode> = Record<Names<(typeof problemTexts)[C]['en']>, Value>;

/** What is wrong, as plain data: it can cross the thread and be put into words in either language. */
export type Problem = { code: ProblemCode; params: Record<string, Value> };

/** Makes a problem; the type of `params` follows from the sentence. */
export function problem<C extends ProblemCode>(code: C, params: ProblemParams<C>): Problem {
  return { code, params };
}

/** Puts a problem into words. Unknown names stay as they are. */
export function sayProblem({ code, params }: Problem, language: keyof Text = 'en'): string {
  return problemTexts[code][language].replace(/\{\{(\w+)\}\}/g, (whole, name) => {
    const value = params[name] ?? whole;
    return typeof value === 'object' ? value[language] : String(value);
  });
}

/** An error that a person can act on; its message is the English sentence. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(sayProblem(problem));
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Throws a {@link ProblemError}. */
export function fail<C extends ProblemCode>(code: C, params: ProblemParams<C>): never {
  throw new ProblemError(problem(code, params));
}

/** The problem in any thrown value: its own, or `unexpected` with its message. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return problem('unexpected', { reason: error instanceof Error ? error.message : String(error) });
}
