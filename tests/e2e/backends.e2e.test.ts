/** The same run on both backends. */
import { expect, test } from 'vitest';
import { serveStudio, setOptions, textFile, trainToEnd, waitForRun } from '../support/studio.ts';

const site = serveStudio(4280, { webgpu: true });

test('ten steps on WebGPU give the losses of WASM', async () => {
  const words = ['parcel', 'refund', 'card', 'login', 'order', 'price', 'return', 'invoice', 'courier', 'shirt'];
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${words[i % 10]} ${words[(i * 3 + 1) % 10]} ${i},about my ${words[i % 10]} ${i}`,
  );
  const losses: Record<string, number[]> = {};
  for (const backend of ['wasm', 'webgpu']) {
    const { page, drop, events } = await site.open(`?backend=${backend}`);
    await drop(textFile('tiny.csv', ['anchor,positive', ...rows].join('\n')));
    await page.getByTestId('slot-train').getByText('tiny.csv').waitFor();
    await setOptions(page, {
      Epochs: '1',
      'Batch size': '4',
      Dropout: '0',
      'Held out': '0',
      'Evaluate every': '1000',
    });
    await waitForRun(page, 'ready');
    await trainToEnd(page);
    losses[backend] = (await events()).flatMap((event) => (event.type === 'step' ? [event.metrics['train/loss']] : []));
  }
  expect(losses.wasm).toHaveLength(10);
  expect(losses.webgpu).toHaveLength(10);
  for (const [i, loss] of losses.wasm!.entries()) expect(Math.abs(losses.webgpu![i]! - loss) / loss).toBeLessThan(1e-3);
});
