/** Looks at the page with axe in every language, theme and width. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright';
import { expect } from 'vitest';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds: the rule, and where. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  expect(passes.length).toBeGreaterThan(10);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
  );
}

const languages = ['English', '中文'];
const themes = [/^(Light|浅色)$/, /^(Dark|深色)$/];

/** The page comes to rest; `found` collects what the audits find. */
export async function startAudit(page: Page) {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const found: string[] = [];
  let audits = 0;

  /** Looks at the page in every language and theme; `open` brings up what does not outlive a change of either. */
  async function audit(state: string, open?: () => Promise<void>): Promise<void> {
    for (const language of languages)
      for (const theme of themes) {
        await page
          .locator('.segment')
          .filter({ hasText: language === '中文' ? '中' : 'EN' })
          .click();
        await page.getByRole('radio', { name: theme }).check({ force: true });
        await open?.();
        const violations = await violationsOf(page);
        audits++;
        found.push(...violations.map((violation) => `${state}, ${language}, ${theme}: ${violation}`));
        if (open) await page.keyboard.press('Escape');
      }
    await page.locator('.segment').filter({ hasText: 'EN' }).click();
    if (open) return;
    await page.setViewportSize({ width: 360, height: 780 });
    found.push(...(await violationsOf(page)).map((violation) => `${state}, narrow: ${violation}`));
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 360) found.push(`${state}, narrow: the page is ${width} pixels wide`);
    await page.setViewportSize({ width: 1280, height: 900 });
  }

  return { audit, found, count: () => audits };
}
