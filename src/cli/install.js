/** Installs the locked dependencies where they are missing or older than the lock file. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** npm writes the tree it installed here; it is the lock file less the packages of other platforms. */
const installed = join(root, 'node_modules', '.package-lock.json');

/** Whether every package that the lock file wants on this platform is there in its version. */
function isInstalled() {
  if (!existsSync(installed)) return false;
  const { packages: there } = JSON.parse(readFileSync(installed, 'utf8'));
  const { packages: wanted } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || there[path]?.version === version,
  );
}

/** Runs `npm ci` if needed; ends the process with a sentence if that fails. */
export function installMissing() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (!supported) {
    console.error(
      `Embedsmith needs Node 20.19, 22.12 or newer; this is ${process.version}. Install it from https://nodejs.org.`,
    );
    process.exit(1);
  }
  if (isInstalled()) return;
  console.error('Installing the dependencies (npm ci) …');
  const { status } = spawnSync('npm', ['ci'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm ci failed; its messages stand above. Check the network and run the command again.');
    process.exit(1);
  }
}
