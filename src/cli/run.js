/**
 * Runs a TypeScript file of the project in Node: `node src/cli/run.js FILE.ts [arguments]` calls its `main(arguments)`.
 * Plain JavaScript, because it also installs and builds what is missing.
 */
import { resolve } from 'node:path';
import { buildSimd } from './build-simd.js';
import { installMissing, root } from './install.js';

installMissing();
buildSimd();
const { runnerImport } = await import('vite');
const [file, ...rest] = process.argv.slice(2);
const { module } = await runnerImport(resolve(root, file), { root, configFile: false, logLevel: 'error' });
process.exitCode = (await module.main(rest)) ?? 0;
