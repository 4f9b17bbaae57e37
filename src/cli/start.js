/**
 * `npm start`: installs what is missing, builds the studio, and serves the build with cross-origin isolation and a
 * Content-Security-Policy. `--port N` (default 4173; the next free one where it is taken), `--no-open`.
 */
import { parseArgs } from 'node:util';
import { installMissing, root } from './install.js';

/** Whether there is a screen to open a browser on. */
function hasScreen() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string', default: '4173' }, 'no-open': { type: 'boolean' } },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error(`--port ${values.port}: use 1 to 65535.`);
    return { port, open: !values['no-open'] && hasScreen() };
  } catch (error) {
    console.error(`${error.message}\nUsage: npm start -- [--port N] [--no-open]`);
    return process.exit(2);
  }
}

const { port, open } = readArguments();
installMissing();
const { build, preview } = await import('vite');
await build({ root, logLevel: 'error' });
const server = await preview({ root, logLevel: 'error', preview: { port, open } });
const address = server.resolvedUrls?.local[0];
if (!address?.includes(`:${port}/`)) console.log(`Port ${port} is taken; using the next free one.`);
console.log(`Embedsmith is ready: ${address}`);
