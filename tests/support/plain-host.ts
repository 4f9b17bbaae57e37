/** A static host that sends no headers of its own, and serves a build under a folder, as free hosts do. */
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** Serves a copy of `build`, whose folder is given, so that a test may change it. */
export async function startPlainHost(build: string) {
  const folder = mkdtempSync(join(tmpdir(), 'embedsmith-host-'));
  cpSync(build, folder, { recursive: true });
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const path = normalize(join(folder, pathname.replace(/^\/studio\//, '').replace(/^$/, 'index.html')));
    if (
      !pathname.startsWith('/studio/') ||
      !path.startsWith(folder) ||
      !statSync(path, { throwIfNoEntry: false })?.isFile()
    ) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' });
    response.end(readFileSync(path));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  /** Ends every connection, too: a browser keeps them open. */
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return {
    folder,
    address: `http://localhost:${port}/studio/`,
    stop,
    close: () => {
      stop();
      rmSync(folder, { recursive: true });
    },
  };
}
