/**
 * `npm run bench`: times a training step (forward, backward, clip, AdamW; multiple negatives ranking; dropout) of Embedsmith
 * beside stock tfjs, jax-js and PyTorch, and prints a table. `npm run bench -- --help` lists what can be chosen.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wasmBuilds } from '../../src/cli/wasm-builds.ts';
import { runInBrowser } from './in-browser.ts';
import { runInNode } from './in-node.ts';
import { installJax, requireJax } from './jax-package.ts';
import { type BenchOptions, readOptions, usage } from './options.ts';
import { pack } from './pack.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules/.cache/embedsmith-bench');
const pytorchScript = fileURLToPath(new URL('pytorch.py', import.meta.url));

export async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  let options: BenchOptions;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
  const jaxFolder = options.engines.includes('jax') || options.pack ? installJax(cache) : null;
  if (options.pack) return await pack(options.pack, { root, wasmPath: wasmBuilds.single, pytorchScript, jaxFolder });
  if (options.browser) return await runInBrowser(options, { root, pytorchScript, jaxFolder });
  return await runInNode(options, {
    builds: wasmBuilds,
    pytorchScript,
    jax: jaxFolder ? () => requireJax(jaxFolder) : null,
  });
}
