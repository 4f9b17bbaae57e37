/** A model of the hub through the page: named, downloaded, trained; a second time from the device, with the hub away. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hub, startHub } from '../support/hub.ts';
import {
  goTo,
  type StudioPage,
  serveStudio,
  setOptions,
  takeSample,
  trainToEnd,
  waitForRun,
} from '../support/studio.ts';
import { tinyModels } from '../support/tiny-models.ts';

const hubAddress = 'https://huggingface.co';

const site = serveStudio(4293, { mayComplain: true });
let hub: Hub;

beforeAll(async () => {
  hub = await startHub();
  hub.repositories.set('someone/tiny-roberta', new Map(tinyModels.roberta));
  hub.repositories.set('someone/gated', new Map(tinyModels.bert));
  hub.gated.add('someone/gated');
});
afterAll(() => hub?.close());

/** The local server stands at the hub's address; `state.away` takes it off the net. */
async function reroute({ page }: StudioPage) {
  const state = { away: false, requests: 0 };
  await page.context().route(`${hubAddress}/**`, async (route) => {
    state.requests++;
    if (state.away) return route.abort('internetdisconnected');
    const local = route.request().url().replace(hubAddress, hub.address);
    const { range } = route.request().headers();
    const answer = await fetch(local, { headers: range ? { range } : {} });
    const headers = Object.fromEntries(answer.headers);
    if (headers.link) headers.link = headers.link.replace(hub.address, hubAddress);
    return route.fulfill({ status: answer.status, headers, body: Buffer.from(await answer.arrayBuffer()) });
  });
  return state;
}

async function loadFromHub({ page }: StudioPage, repository: string) {
  await goTo(page, 'model');
  const field = page.getByRole('textbox', { name: /Repository/ });
  await field.fill(repository);
  await field.press('Enter');
}

test('a repository is downloaded, trained, and loads again without the hub', async () => {
  const studio = await site.open();
  const { page, complaints } = studio;
  const state = await reroute(studio);
  await takeSample(page);
  expect(complaints).toEqual([]);
  expect(state.requests).toBe(0);

  await loadFromHub(studio, 'someone/tiny-roberta');
  const summary = page.getByTestId('model-summary');
  await summary.getByText('someone/tiny-roberta').first().waitFor();
  expect(state.requests).toBeGreaterThan(3);
  const told = (await studio.replies()).flatMap((reply) => (reply.kind === 'download' ? [reply.progress] : []));
  expect(told.length).toBeGreaterThan(3);
  expect(told.at(-1)!.loaded).toBe(told.at(-1)!.total);

  await setOptions(page, { Epochs: '1', 'Batch size': '16' });
  await waitForRun(page, 'ready');
  await trainToEnd(page);

  // Everything that left the page went to the hub, and only after it was asked for.
  expect(complaints.filter((complaint) => !complaint.startsWith(`a request to ${hubAddress}/`))).toEqual([]);

  state.away = true;
  const loads = async () =>
    (await studio.replies()).flatMap((reply) =>
      reply.kind === 'result' && reply.result !== null && 'vocabulary' in reply.result ? [reply.result] : [],
    );
  const before = (await loads()).length;
  await loadFromHub(studio, 'someone/tiny-roberta');
  await page.getByText('On this device').first().waitFor();
  await expect.poll(async () => (await loads()).length).toBe(before + 1);
  expect((await loads()).at(-1)).toMatchObject({ name: 'someone/tiny-roberta' });
});

test('what cannot be loaded is said beside the field, and the model before stays', async () => {
  const studio = await site.open();
  const { page } = studio;
  const state = await reroute(studio);
  await takeSample(page);
  const sentences = [
    ['someone/nothing-here', /no public model “someone\/nothing-here”.*Check the spelling/],
    ['someone/gated', /“someone\/gated” needs a login/],
  ] as const;
  for (const [repository, sentence] of sentences) {
    await loadFromHub(studio, repository);
    await page.getByRole('alert').filter({ hasText: sentence }).first().waitFor();
  }
  state.away = true;
  await loadFromHub(studio, 'someone/tiny-roberta');
  await page
    .getByRole('alert')
    .filter({ hasText: /tiny-roberta/ })
    .first()
    .waitFor();
  await page.getByTestId('model-summary').getByText('embedsmith-tiny').first().waitFor();
  await waitForRun(page, 'ready');
});
