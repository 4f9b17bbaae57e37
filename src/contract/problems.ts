/**
 * Everything that can be wrong with a user's file, model, option or device, as one table of sentences in both languages.
 * A problem crosses the thread as `{code, params}`; each sentence says what happened, where, and what to do next.
 */

/** A text in every language of the page. */
export type Text = { en: string; zh: string };

export const problemTexts = {
  // runs kept on the device
  'run-missing': {
    en: 'This run is not on the device any more.',
    zh: '设备上已没有这次训练。',
  },
  'run-inputs-missing': {
    en: 'The data of this run was not kept on the device, for want of room. Load the same files, then train again with its configuration.',
    zh: '因空间不足，设备上没有保存这次训练的数据。请载入相同的文件，再用它的配置重新训练。',
  },
  'run-weights-missing': {
    en: 'The weights of this run were not kept on the device. Reproduce the run to have them again.',
    zh: '设备上没有保存这次训练的权重。可以重现该训练以再次得到它们。',
  },
  'checkpoint-missing': {
    en: 'There is no checkpoint of this run on the device any more, so it cannot continue. Train again: the same configuration and seed give the same run.',
    zh: '设备上已没有该训练的检查点，无法继续。请重新训练：相同的配置和随机种子会得到相同的结果。',
  },
  'checkpoint-data': {
    en: 'The data is not what this run was trained on, so it cannot continue. Load the same files with the same columns, or train anew.',
    zh: '当前数据与该训练所用的数据不同，无法继续。请载入相同的文件并指定相同的列，或重新训练。',
  },
  'checkpoint-model': {
    en: 'The loaded model is not the one this run was trained from, so it cannot continue. Load that model again, or train anew.',
    zh: '当前模型不是该训练所用的模型，无法继续。请重新载入原来的模型，或重新训练。',
  },
  'project-broken': {
    en: '“{{file}}” is no project file, or it is damaged. Choose a file that “Save” under Project file has made; a model’s zip goes under Model.',
    zh: '“{{file}}”不是项目文件，或已损坏。请选择由“项目文件”中的“保存”生成的文件；模型的 zip 请在“模型”中载入。',
  },
  // links to this page
  'link-unknown': {
    en: 'The link sets “{{name}}”, which is no option here. It is left out; look for it among the options by its present name.',
    zh: '链接设置了“{{name}}”，这里没有此选项，已忽略；请在选项中查找它现在的名称。',
  },
  'link-model': {
    en: 'The link names the model “{{model}}”, which is neither a preset nor a name on the hub (owner/name). Choose one under Model.',
    zh: '链接指定的模型“{{model}}”既不是预设，也不是 Hub 上的名称（所有者/名称）。请在“模型”中选择。',
  },
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
  'data-no-similarity': {
    en: '{{objective}} needs to know how similar the two sentences of a row are: a column with scores, or with labels such as 0/1 or entailment/contradiction. Choose it above the preview, or pick another objective.',
    zh: '{{objective}} 需要知道每行两个句子有多相似：分数列，或 0/1、entailment/contradiction 之类的标签列。请在预览上方指定，或改选其他目标。',
  },
  'data-labels-no-similarity': {
    en: '{{objective}} needs to know which sentences mean the same, and the labels of this data ({{labels}}) do not say. Pick {{softmax}} or {{crossEncoder}}, which learn any labels; or write the labels as 0/1 or entailment, neutral, contradiction.',
    zh: '{{objective}} 需要知道哪些句子意思相同，而数据中的标签（{{labels}}）没有说明。请改选可以学习任意标签的 {{softmax}} 或 {{crossEncoder}}，或把标签写成 0/1 或 entailment、neutral、contradiction。',
  },
  'data-no-contrasts': {
    en: '{{objective}} needs a counterexample for each pair: a column with hard negatives, or labels that call, for the same sentence 1, one sentence 2 entailed (or 1) and another contradicting (or 0). This data has neither. Pick another objective.',
    zh: '{{objective}} 需要给每个句对一个反例：难负例列，或同一个句子 1 既有标为蕴含（或 1）的句子 2，也有标为矛盾（或 0）的句子 2。数据中两者都没有。请改选其他目标。',
  },
  'data-no-classes': {
    en: '{{objective}} needs a column with labels, from 2 to {{most}} different ones. Choose it above the preview, or pick another objective.',
    zh: '{{objective}} 需要一列标签，共 2 到 {{most}} 种。请在预览上方指定，或改选其他目标。',
  },
  'data-no-judgement': {
    en: '{{objective}} needs a column that it learns to predict: scores, or labels (from 2 to {{most}} different ones). Choose it above the preview, or pick another objective.',
    zh: '{{objective}} 需要一列作为预测目标：分数，或标签（共 2 到 {{most}} 种）。请在预览上方指定，或改选其他目标。',
  },
  'data-one-class': {
    en: '{{objective}} learns to tell labels apart, and every usable row has the same one ({{labels}}). Add rows with other labels, or pick another objective.',
    zh: '{{objective}} 学习区分标签，而可用的行都是同一个标签（{{labels}}）。请加入其他标签的数据，或改选其他目标。',
  },
  'evaluation-unlabelled': {
    en: 'The evaluation file “{{file}}” has no labels, and a cross-encoder for labels is judged by them. Give it a label column with {{labels}}, or remove the file to hold out a part of the training data.',
    zh: '评估文件“{{file}}”没有标签，而预测标签的交叉编码器要按标签评判。请为其指定标签列（{{labels}}），或移除该文件以从训练数据中留出一部分。',
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
    en: 'Label “{{value}}” stands in this row only; every other label is in many rows. Correct it if it is a slip.',
    zh: '标签“{{value}}”只在这一行出现，其他标签都出现多次。如有笔误请改正。',
  },
  'row-unlabelled': {
    en: 'No label in column “{{column}}” (“{{value}}”).',
    zh: '“{{column}}”列没有标签（“{{value}}”）。',
  },
  'row-unknown-label': {
    en: 'Label “{{value}}” does not occur in the training data, whose labels are {{known}}.',
    zh: '标签“{{value}}”在训练数据中没有出现；训练数据的标签有：{{known}}。',
  },
  'row-field-count': {
    en: 'Number of fields: {{found}}; the table has {{expected}} columns.',
    zh: '字段数为 {{found}}，而表格有 {{expected}} 列。',
  },
  'row-bad-quotes': {
    en: 'A quotation mark is opened or closed in the wrong place.',
    zh: '引号的开头或结尾位置不对。',
  },
  'row-bad-dictionary': {
    en: 'Not a JSON object or Python dictionary: {{reason}}.',
    zh: '不是 JSON 对象或 Python 字典：{{reason}}。',
  },
  'row-bad-json': { en: 'Not a JSON object: {{reason}}.', zh: '不是 JSON 对象：{{reason}}。' },
  // models
  'model-missing-file': {
    en: '“{{source}}” has no {{file}}. A model needs config.json, model.safetensors and tokenizer.json (or vocab.txt, or vocab.json with merges.txt).',
    zh: '“{{source}}”缺少 {{file}}。模型需要 config.json、model.safetensors 和 tokenizer.json（或 vocab.txt，或 vocab.json 加 merges.txt）。',
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
    en: '“{{source}}” is a {{what}}, which cannot be trained here. Choose a BERT (MiniLM, bge), RoBERTa, XLM-R, CamemBERT or DistilBERT model.',
    zh: '“{{source}}”是 {{what}}，这里不能训练。请选择 BERT（MiniLM、bge）、RoBERTa、XLM-R、CamemBERT 或 DistilBERT 模型。',
  },
  'pooler-missing': {
    en: 'The model has no pooler layer (tensor “{{tensor}}”). Choose another pooling.',
    zh: '该模型没有池化层（张量“{{tensor}}”）。请选择其他池化方式。',
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
  'pickle-refused': {
    en: '{{file}} holds {{what}}, which plain weights never do, so it was not read; nothing in it was run. Choose the model’s safetensors file instead.',
    zh: '{{file}} 中含有 {{what}}，纯权重文件不会有这种内容，因此没有读取，其中的代码也没有运行。请改用该模型的 safetensors 文件。',
  },
  'weights-legacy': {
    en: '{{file}} was saved by PyTorch before 1.6, in a format that is not read here. Load it in Python with torch.load, save it again with torch.save or as safetensors, and choose that.',
    zh: '{{file}} 由 1.6 之前的 PyTorch 保存，这里不支持该格式。请在 Python 中用 torch.load 读取，再用 torch.save 或 safetensors 重新保存，然后选择新文件。',
  },
  'hub-name': {
    en: '“{{text}}” is not the name of a model. Write owner/name, as on the model’s page, for example BAAI/bge-small-zh-v1.5.',
    zh: '“{{text}}”不是模型名称。请按模型页面上的写法填写“所有者/名称”，例如 BAAI/bge-small-zh-v1.5。',
  },
  'hub-not-found': {
    en: 'There is no public model “{{model}}” at {{hub}}. Check the spelling of owner, name and revision.',
    zh: '{{hub}} 上没有公开的模型“{{model}}”。请检查所有者、名称和版本的拼写。',
  },
  'hub-login': {
    en: '“{{model}}” needs a login at {{hub}}: it is gated, private or misspelt. Models that need a login cannot be loaded here; accept the licence on its page, download it there, and drop its folder.',
    zh: '“{{model}}”需要登录 {{hub}}：可能需要同意许可、是私有模型，或名称有误。这里无法加载需要登录的模型；请在其页面同意许可并下载，然后拖入文件夹。',
  },
  'hub-offline': {
    en: '{{hub}} could not be reached to load “{{model}}” ({{reason}}). Check the connection and try again, or drop the model’s folder.',
    zh: '无法连接 {{hub}} 来加载“{{model}}”（{{reason}}）。请检查网络后重试，或拖入模型文件夹。',
  },
  'hub-interrupted': {
    en: 'The download of {{file}} of “{{model}}” broke off at {{loaded}} of {{total}} bytes ({{reason}}). Try again: it continues from there.',
    zh: '“{{model}}”的 {{file}} 下载到 {{loaded}} / {{total}} 字节时中断（{{reason}}）。请重试：会从断点继续。',
  },
  'hub-damaged': {
    en: '{{file}} of “{{model}}” did not arrive as {{hub}} lists it, and was thrown away. Try again.',
    zh: '“{{model}}”的 {{file}} 与 {{hub}} 列出的内容不符，已丢弃。请重试。',
  },
  'storage-full': {
    en: 'There is no room left to keep {{file}} of “{{model}}”. Delete downloaded models or free disk space, and try again.',
    zh: '没有空间保存“{{model}}”的 {{file}}。请删除已下载的模型或释放磁盘空间后重试。',
  },
  'storage-busy': {
    en: '{{file}} of “{{model}}” is being downloaded in another tab. Wait until it is there, or close that tab, and try again.',
    zh: '另一个标签页正在下载“{{model}}”的 {{file}}。请等待其完成或关闭该标签页，然后重试。',
  },
  'preset-unknown': {
    en: 'There is no preset “{{name}}”. Choose one of: {{names}}.',
    zh: '没有名为“{{name}}”的预设。可选：{{names}}。',
  },
  'download-failed': {
    en: '{{url}} could not be loaded ({{reason}}). Check the connection and try again.',
    zh: '无法加载 {{url}}（{{reason}}）。请检查网络后重试。',
  },
  // options
  'option-not-a-number': { en: 'Enter a number.', zh: '请输入数字。' },
  'option-not-whole': { en: 'Enter a whole number.', zh: '请输入整数。' },
  'option-not-numbers': {
    en: 'Enter numbers separated by commas, or nothing.',
    zh: '请输入以逗号分隔的数字，或留空。',
  },
  'option-range': { en: 'Enter a number from {{min}} to {{max}}.', zh: '请输入 {{min}} 到 {{max}} 之间的数。' },
  'option-choice': { en: 'Choose one of: {{choices}}.', zh: '请从以下选项中选择：{{choices}}。' },
  'option-invalid': { en: '{{option}}: {{reason}}', zh: '{{option}}：{{reason}}' },
  'option-positions': {
    en: 'This model reads at most {{max}} tokens. Enter a number from 4 to {{max}}.',
    zh: '该模型最多读取 {{max}} 个词元。请输入 4 到 {{max}} 之间的数。',
  },
  'option-layers': {
    en: 'This model has {{max}} layers. Enter a number from 0 to {{max}}.',
    zh: '该模型有 {{max}} 层。请输入 0 到 {{max}} 之间的数。',
  },
  'option-dimensions': {
    en: 'This model’s embeddings have {{max}} dimensions. Enter numbers up to {{max}}.',
    zh: '该模型的向量有 {{max}} 维。请输入不超过 {{max}} 的数。',
  },
  'option-weights': {
    en: 'There are {{weights}} weights for {{dimensions}} dimensions. Enter one for each, or none.',
    zh: '{{dimensions}} 个维度却有 {{weights}} 个权重。请每个维度填一个，或留空。',
  },
  'option-even': {
    en: '{{objective}} reads embeddings as complex numbers. Enter even dimensions only.',
    zh: '{{objective}} 把向量当作复数。请只填偶数维度。',
  },
  'accumulation-in-batch': {
    en: '{{objective}} compares the rows of a batch with each other, so adding up small batches is not the same as a large one. Set this to 1; for a large batch in little memory choose “Cached multiple negatives ranking”.',
    zh: '{{objective}} 要在同批的行之间比较，累加小批并不等于大批。请设为 1；想用少量内存得到大批，请选“缓存多负例排序”。',
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
    en: 'The device ran out of memory at step {{step}}, with batches of {{batchSize}}. {{advice}} Then reload the page.',
    zh: '第 {{step}} 步时设备内存不足（批大小 {{batchSize}}）。{{advice}}之后请重新加载页面。',
  },
  'run-active': { en: 'A run is in progress. Stop it first.', zh: '训练正在进行。请先停止。' },
  'no-model': {
    en: 'No model is loaded. Choose a preset or drop a model first.',
    zh: '尚未加载模型。请先选择预设或拖入模型。',
  },
  'no-evaluation': {
    en: 'There is no evaluation yet. Train first, with data to evaluate on.',
    zh: '还没有评估结果。请先用带评估数据的配置训练。',
  },
  'run-busy': {
    en: 'The model is busy training. Pause the run to try it as it is at that step, or wait for the end.',
    zh: '模型正在训练。请先暂停，试用它在那一步的样子，或等训练结束。',
  },
  'no-embeddings': {
    en: 'A cross-encoder reads two sentences at once and has no embedding of a single one. Load or train an encoder for this view.',
    zh: '交叉编码器同时读入两个句子，没有单个句子的向量。要使用此视图，请加载或训练一个编码器。',
  },
  'no-batch': {
    en: 'The data has no pair that means the same, so there is no batch to show. Load pairs, or scored pairs of which some are alike.',
    zh: '数据中没有意思相同的句对，无法显示批次。请加载句对，或含有相似句对的打分数据。',
  },
  'too-few-sentences': {
    en: 'The data has only {{count}} different sentences, and a map needs at least 3. Add rows.',
    zh: '数据中只有 {{count}} 个不同的句子，绘制地图至少需要 3 个。请增加数据。',
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
