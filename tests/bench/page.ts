/** The page of `npm run bench -- --browser`: runs the benchmark when Node asks, and hands the rows back. */
import { wasmBuilds } from '../../src/worker/wasm-builds.ts';
import type { JaxLibrary } from './engines/jax-library.ts';
import type { AskPyTorch } from './engines/pytorch.ts';
import { startGpuMeter } from './gpu-meter.ts';
import type { BenchOptions } from './options.ts';
import { type Result, runBenchmark } from './run.ts';

/** What Node sends along. */
export type PageRequest = { options: BenchOptions; jaxUrl: string | null; hasPyTorch: boolean };

declare global {
  interface Window {
    runBench: (request: PageRequest) => Promise<Result>;
    /** Of Node. */
    askPyTorch: AskPyTorch;
    sayInNode: (line: string) => void;
  }
}

window.runBench = async ({ options, jaxUrl, hasPyTorch }) => {
  startGpuMeter();
  return runBenchmark(options, {
    builds: wasmBuilds,
    jax: jaxUrl ? (backend): Promise<JaxLibrary> => import(/* @vite-ignore */ `${jaxUrl}?${backend}`) : null,
    pytorch: hasPyTorch ? window.askPyTorch : null,
    say: window.sayInNode,
  });
};
