/** Runs the benchmark in this process: Dawn for WebGPU, PyTorch in a process beside it. */
import type { WasmBuilds } from '../../src/kernels/wasm/wasm-backend.ts';
import type { JaxLibrary } from './engines/jax-library.ts';
import { startGpuMeter } from './gpu-meter.ts';
import { offerGpu } from './node-gpu.ts';
import type { BenchOptions } from './options.ts';
import { startPyTorch } from './python-process.ts';
import { reportResult, say } from './report.ts';
import { runBenchmark } from './run.ts';

/** Where the files lie that the benchmark needs beside its own code. */
export type Places = { builds: WasmBuilds; pytorchScript: string; jax: (() => JaxLibrary) | null };

/** @returns the exit code */
export async function runInNode(options: BenchOptions, { builds, pytorchScript, jax }: Places): Promise<number> {
  await offerGpu();
  startGpuMeter();
  const wantsJax = options.engines.includes('jax');
  const wantsPyTorch = options.engines.some((name) => name.startsWith('pytorch'));
  if (wantsJax && !jax) say('jax-js could not be installed; it is left out.');
  const pytorch = wantsPyTorch ? startPyTorch(pytorchScript) : null;
  if (wantsPyTorch && !pytorch) say('No Python with torch was found (set PYTHON to one); PyTorch is left out.');
  try {
    const offered = { builds, jax: jax && (async () => jax()), pytorch: pytorch?.ask ?? null, say };
    return reportResult(await runBenchmark(options, offered), options);
  } finally {
    pytorch?.stop();
  }
}
