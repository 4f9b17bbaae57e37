/**
 * The page without a network: keeps every file of the build, answers from them, and adds the headers that a static host
 * may not send (cross-origin isolation for threads, the Content-Security-Policy). Requests to other origins are left alone.
 *
 * The first worker takes over at once, so that the page can be isolated, and fills the cache afterwards. A new version fills
 * a cache of its own first, then waits until the page asks for it. index.html is stored last: it is answered from a
 * cache only when all it needs is there.
 */

declare const self: ServiceWorkerGlobalScope;

/** Written into the built file: the version, every file with its hash, and the headers. */
declare const __BUILD__: { version: string; files: [path: string, hash: string][]; headers: Record<string, string> };

const { version, files, headers } = __BUILD__;
const prefix = 'embedsmith-';
const own = `${prefix}${version}`;
const scope = self.registration.scope;

/** What kind of message the page sends. */
export type ToServiceWorker = 'fill' | 'take-over';

/** The page under its two names is one file. */
const keyOf = (url: string): string => {
  const { origin, pathname } = new URL(url);
  const address = `${origin}${pathname}`;
  return address === scope ? `${scope}index.html` : address;
};

/** Files whose names hold their hash never change. */
const isFixed = (path: string) => path.startsWith('assets/');

async function storeFile(cache: Cache, path: string, hash: string): Promise<void> {
  const url = `${scope}${path}`;
  const kept = await cache.match(url);
  if (kept) return;
  const earlier = isFixed(path) ? await caches.match(url) : undefined;
  const response = earlier ?? (await fetch(url, { cache: isFixed(path) ? 'default' : 'no-cache' }));
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const found = Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
  // A server that has a newer version by now: its own worker will come.
  if (found !== hash) throw new Error(`${url} is of another version`);
  // Not the server's headers: bytes may have been compressed on their way.
  const type = response.headers.get('content-type') ?? 'application/octet-stream';
  await cache.put(
    url,
    new Response(bytes, { headers: { 'content-type': type, 'content-length': String(bytes.byteLength) } }),
  );
}

/** Stores every file that is not there yet. */
async function fill(): Promise<void> {
  const cache = await caches.open(own);
  const last = files.filter(([path]) => path === 'index.html');
  const first = files.filter(([path]) => path !== 'index.html');
  await Promise.all(first.map(([path, hash]) => storeFile(cache, path, hash)));
  await Promise.all(last.map(([path, hash]) => storeFile(cache, path, hash)));
}

/** Files of other versions go once no second page may still be running on them. */
async function clear(): Promise<void> {
  if ((await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).length > 1) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(prefix) && name !== own).map((name) => caches.delete(name)));
}

function withHeaders(response: Response): Response {
  if (response.type === 'opaque' || response.status === 0) return response;
  const all = new Headers(response.headers);
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers: all });
}

async function answer(request: Request): Promise<Response> {
  const key = keyOf(request.url);
  const kept = (await (await caches.open(own)).match(key)) ?? (await caches.match(key));
  return withHeaders(kept ?? (await fetch(request)));
}

self.addEventListener('install', (event) => {
  event.waitUntil(self.registration.active ? fill() : self.skipWaiting());
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event: ExtendableMessageEvent) => {
  const asked: ToServiceWorker = event.data;
  if (asked === 'take-over') event.waitUntil(self.skipWaiting());
  // Without room or network the page goes on as it is; the next visit tries again.
  if (asked === 'fill') event.waitUntil(fill().then(clear, () => {}));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const isOwn = request.method === 'GET' && request.url.startsWith(scope);
  if (isOwn && (request.cache !== 'only-if-cached' || request.mode === 'same-origin')) {
    event.respondWith(answer(request));
  }
});
