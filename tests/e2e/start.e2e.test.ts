/** `npm start`: its headers, what the first load holds, and what it does when the port is taken. */
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { startServer } from '../support/studio.ts';

test('serves the build isolated and under a policy, on the next port where one is taken', async () => {
  const taken = createServer().listen(4373, 'localhost');
  const server = await startServer(4373);
  try {
    expect(server.output()).toContain('Port 4373 is taken');
    expect(server.address).not.toContain('4373');
    const { headers, status } = await fetch(server.address);
    expect(status).toBe(200);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    const html = await (await fetch(server.address)).text();
    const scripts = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(([, path]) => new URL(path!, server.address));
    expect(scripts.length).toBeGreaterThan(1);
    for (const script of scripts) {
      expect(await (await fetch(script)).text(), script.pathname).not.toMatch(/tfjs|WebGPUBackend|onnxruntime/i);
    }
    const weights = await fetch(new URL('presets/embedsmith-tiny/model.safetensors', server.address));
    expect((await weights.arrayBuffer()).byteLength).toBe(4414872);
  } finally {
    server.close();
    taken.close();
  }
});
