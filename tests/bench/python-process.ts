/** Starts pytorch.py where a Python with torch is installed, and talks to it line by line. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { AskPyTorch } from './engines/pytorch.ts';

const pythons = [process.env.PYTHON, 'python3', '/usr/bin/python3', 'python'];

/**
 * The libraries that a driver for Node needs are not for Python's own. Threads that wait for one another in a loop make
 * PyTorch ten times as slow where other programs want the processor too, so they are asked to sleep.
 */
function pythonEnvironment(): NodeJS.ProcessEnv {
  const { LD_LIBRARY_PATH, ...others } = process.env;
  const folders = LD_LIBRARY_PATH?.split(':').filter((folder) => !folder.includes('chrom')) ?? [];
  const libraries = folders.length > 0 ? { LD_LIBRARY_PATH: folders.join(':') } : {};
  return { OMP_WAIT_POLICY: 'PASSIVE', ...others, ...libraries };
}

/** The first of `PYTHON`, `python3` and the system's own that can import torch; null where none can. */
function findPython(): string | null {
  const env = pythonEnvironment();
  const canImport = (python: string) => spawnSync(python, ['-c', 'import torch, numpy'], { env }).status === 0;
  return pythons.find((python): python is string => Boolean(python) && canImport(python!)) ?? null;
}

/** @returns null where PyTorch is not installed; `stop` ends the process */
export function startPyTorch(script: string): { ask: AskPyTorch; stop: () => void } | null {
  const python = findPython();
  if (!python) return null;
  const child: ChildProcess = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'], env: pythonEnvironment() });
  const waiting: { resolve: (answer: Record<string, unknown>) => void; reject: (reason: Error) => void }[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const { resolve, reject } = waiting.shift()!;
    const answer = JSON.parse(line);
    if ('error' in answer) reject(new Error(`PyTorch: ${answer.error}`));
    else resolve(answer);
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting) reject(new Error(`pytorch.py ended with exit code ${code}.`));
  });
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin!.write(`${JSON.stringify(request)}\n`);
      }),
    stop: () => child.stdin!.end(),
  };
}
