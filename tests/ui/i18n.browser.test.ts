/** The language of the texts follows the language of the page, and nothing else. */
import i18next from 'i18next';
import { expect, test } from 'vitest';
import { startTranslations } from '../../src/ui/i18n.ts';
import { setLanguage, setShortcuts, setTheme, setTourSeen } from '../../src/ui/preferences.ts';

test('texts change with the language, and are left alone by every other preference', async () => {
  setLanguage('en');
  await startTranslations();
  const changes: string[] = [];
  i18next.on('languageChanged', (language) => changes.push(language));
  expect(i18next.t('steps.data')).toBe('Data');
  setTheme('dark');
  setTourSeen();
  setShortcuts(false);
  setLanguage('zh');
  await expect.poll(() => i18next.t('steps.data')).toBe('数据');
  expect(changes).toEqual(['zh']);
});

test('one of a thing is told from several', async () => {
  setLanguage('en');
  await expect.poll(() => i18next.t('plan.rows', { count: 2 })).toBe('rows');
  expect(i18next.t('plan.rows', { count: 1 })).toBe('row');
  expect(i18next.t('plan.stepsOf', { count: 1, epochs: '1', perEpoch: '33' })).toBe('33 an epoch, 1 epoch');
  setLanguage('zh');
  await expect.poll(() => i18next.t('plan.rows', { count: 1 })).toBe('行');
});
