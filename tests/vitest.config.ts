/** The tests' projects: `node` for plain code, `browser` for the engine in real Chromium, `e2e` for the page, `real` for real data. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { isolation } from '../vite.config.ts';
import { chromeArguments, findChrome } from './support/chrome.ts';
import { hubCommands } from './support/hub-commands.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where the golden numbers lie; those of another seed run unchanged. */
const own = fileURLToPath(new URL('golden', import.meta.url));
const reference = process.env.EMBEDSMITH_REFERENCE ?? own;
/** Those of the other families; a folder made by reference.py alone has none. */
const families = existsSync(join(reference, 'golden-families.json')) ? reference : own;

const node = (name: string, include: string[], testTimeout = 20_000) => ({
  root,
  test: {
    name,
    include,
    environment: 'node' as const,
    testTimeout,
    hookTimeout: testTimeout,
    fileParallelism: name === 'node',
  },
});

export default defineConfig({
  test: {
    projects: [
      {
        ...node('node', ['tests/**/*.test.ts']),
        test: {
          ...node('node', ['tests/**/*.test.ts']).test,
          exclude: ['tests/**/*.{browser,golden,e2e,real}.test.ts'],
        },
      },
      {
        root,
        resolve: { alias: { '#reference': reference, '#families': families } },
        server: { fs: { allow: [root, reference] }, headers: isolation },
        optimizeDeps: {
          include: [
            '@tensorflow/tfjs',
            '@tensorflow/tfjs-backend-wasm',
            '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js',
            '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js',
            '@tensorflow/tfjs-backend-webgpu',
            'valibot',
            'fflate',
            '@huggingface/tokenizers',
            '@huggingface/hub',
          ],
        },
        test: {
          name: 'browser',
          include: ['tests/**/*.{browser,golden}.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            commands: hubCommands,
            provider: playwright({
              launchOptions: { executablePath: findChrome() ?? undefined, args: chromeArguments(true) },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      node('e2e', ['tests/**/*.e2e.test.ts'], 600_000),
      node('real', ['tests/**/*.real.test.ts'], 1_200_000),
    ],
  },
});
