/** What the catalogue says of a preset is what its files are. */
import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readModel } from '../../src/cli/model-folder.ts';
import { presets } from '../../src/contract/presets.ts';
import { loadModel } from '../../src/files/load-model.ts';
import { presetFiles } from '../../src/worker/session.ts';

test.each(presets)('$name', ({ name, path, parameters, downloadBytes }) => {
  const { tensors } = loadModel(readModel(name).files, name);
  expect([...tensors.values()].reduce((sum, { data }) => sum + data.length, 0)).toBe(parameters);
  const sizes = presetFiles.map((file) => statSync(new URL(`../../public/${path}/${file}`, import.meta.url)).size);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(downloadBytes);
});
