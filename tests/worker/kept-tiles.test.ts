/** What was measured of a device is kept in a store, whatever the device's name; the model cache does not see it. */
import { expect, test } from 'vitest';
import { createMemoryStore } from '../../src/files/file-store.ts';
import { createModelCache } from '../../src/files/model-cache.ts';
import { keepTiles } from '../../src/worker/kept-tiles.ts';

const device = `GPU “A/B” ${'x'.repeat(300)} 1f2e`;

test('another page finds what one has kept, the latest of it', async () => {
  const store = createMemoryStore();
  const tiles = keepTiles(async () => store);
  expect(await tiles.get(device)).toBeUndefined();
  await tiles.set(device, 'a longer text');
  await tiles.set(device, '{"a":32}');
  const again = keepTiles(async () => store);
  expect(await again.get(device)).toBe('{"a":32}');
  expect(await again.get('another')).toBeUndefined();
  expect(await createModelCache(store).models()).toEqual([]);
  for (const name of (await store.files('measured-tiles')).keys()) expect(name).toMatch(/^[^/]{1,200}$/);
});

test('without a store it lasts as long as it is held', async () => {
  const tiles = keepTiles(async () => null);
  await tiles.set(device, '1');
  expect(await tiles.get(device)).toBe('1');
  expect(await keepTiles(async () => null).get(device)).toBeUndefined();
});
