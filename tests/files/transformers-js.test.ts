/** An exported folder's tokenizer as transformers.js loads it: the same ids as ours. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AutoTokenizer, env } from '@huggingface/transformers';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readModel } from '../../src/cli/model-folder.ts';
import { exportModel } from '../../src/files/export-model.ts';
import { loadModel } from '../../src/files/load-model.ts';

const texts = [
  'Where is my parcel?',
  '我的快递到哪里了',
  'Café naïve — 50%',
  'mixed 中文 and English',
  'unbelievability',
];

test('transformers.js reads the exported tokenizer and gives our ids', async () => {
  const { files, name } = readModel('embedsmith-tiny');
  const base = loadModel(files, name);
  const bytes = exportModel({ base, tensors: base.tensors, name: 'mine', pooling: 'mean', maxLength: 32, run: null });
  const folder = mkdtempSync(join(tmpdir(), 'embedsmith-'));
  try {
    for (const [path, content] of Object.entries(unzipSync(bytes))) {
      if (path.endsWith('/')) continue;
      mkdirSync(dirname(join(folder, 'mine', path)), { recursive: true });
      writeFileSync(join(folder, 'mine', path), content);
    }
    env.allowRemoteModels = false;
    env.localModelPath = folder;
    const theirs = await AutoTokenizer.from_pretrained('mine');
    for (const text of texts) {
      const { input_ids } = theirs(text);
      expect([...input_ids.data].map(Number), text).toEqual([...base.tokenizer.encode(text, 32).ids]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
