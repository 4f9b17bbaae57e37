/**
 * Writes a folder that runs the benchmark on a Linux machine without a network: this Node, Dawn, the bundled benchmark,
 * jax-js, pytorch.py and `run.sh`. Only the graphics driver's Vulkan is expected there, and used if present: python3 with torch.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { build } from 'vite';

/** Vulkan's loader is small and sometimes missing where the driver is there; it is used only then. */
const loaders = ['/usr/lib/x86_64-linux-gnu/libvulkan.so.1', '/usr/lib/chromium/libvulkan.so.1'];

const script = `#!/bin/sh
# Runs the benchmark: ./run.sh --models base --pairs 64 --tokens 128 --json rows.json (see the flags in ./run.sh --help).
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
if ! { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -q libvulkan.so.1; then
  LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/lib"
  export LD_LIBRARY_PATH
fi
if [ -z "$VK_DRIVER_FILES$VK_ICD_FILENAMES" ] && [ ! -e /etc/vulkan/icd.d/nvidia_icd.json ] &&
  [ ! -e /usr/share/vulkan/icd.d/nvidia_icd.json ]; then
  for file in /usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json; do
    [ -e "$file" ] && export VK_DRIVER_FILES="$file"
  done
fi
exec "$here/node" "$here/bench.mjs" "$@"
`;

/** @returns the exit code */
export async function pack(
  folder: string,
  from: { root: string; wasmPath: string; pytorchScript: string; jaxFolder: string | null },
): Promise<number> {
  if (existsSync(folder)) {
    console.error(`${folder} exists already. Name a new folder, or remove this one.`);
    return 1;
  }
  const dawn = dirname(createRequire(import.meta.url).resolve('webgpu'));
  const binary = join('dist', `linux-${process.arch}`, 'dawn.node');
  if (process.platform !== 'linux' || !existsSync(join(dawn, binary))) {
    console.error('A benchmark can be packed on Linux only, for machines with the same processor.');
    return 1;
  }
  mkdirSync(join(folder, 'lib'), { recursive: true });
  await bundle(from.root, folder);
  copyFileSync(from.wasmPath, join(folder, 'tfjs-backend-wasm-simd.wasm'));
  copyFileSync(join(from.root, 'src/kernels/wasm/dist/simd.wasm'), join(folder, 'simd.wasm'));
  copyFileSync(from.pytorchScript, join(folder, 'pytorch.py'));
  if (from.jaxFolder) cpSync(from.jaxFolder, join(folder, 'jax'), { recursive: true });

  const target = join(folder, 'node_modules/webgpu');
  mkdirSync(dirname(join(target, binary)), { recursive: true });
  for (const file of ['package.json', 'index.js', binary]) copyFileSync(join(dawn, file), join(target, file));
  const node = join(folder, 'node');
  copyFileSync(process.execPath, node);
  chmodSync(node, 0o755);
  for (const file of [node, join(target, binary)]) spawnSync('strip', [file]); // smaller where binutils are there
  const loader = loaders.find((path) => existsSync(path));
  if (loader) copyFileSync(loader, join(folder, 'lib/libvulkan.so.1'));
  writeFileSync(join(folder, 'run.sh'), script);
  chmodSync(join(folder, 'run.sh'), 0o755);
  console.log(`${folder} is ready: copy it to the machine and call its run.sh.`);
  return 0;
}

/** tfjs's WASM module asks for these names of CommonJS. */
const commonJs = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);
const __dirname = import.meta.dirname;
const __filename = import.meta.filename;`;

/** One module of all code but Dawn's, which loads a binary beside itself. */
async function bundle(root: string, folder: string): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, external: ['webgpu'] },
    build: {
      ssr: 'tests/bench/packed.ts',
      outDir: resolve(folder),
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: { output: { entryFileNames: 'bench.mjs', format: 'es', banner: commonJs } },
    },
  });
}
