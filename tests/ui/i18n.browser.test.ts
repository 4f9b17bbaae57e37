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
