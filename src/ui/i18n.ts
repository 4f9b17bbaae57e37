/** Starts i18next with both languages built in and keeps it at the page's language. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './locales/en.ts';
import { zh } from './locales/zh.ts';
import { preferences } from './preferences.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

export async function startTranslations(): Promise<void> {
  preferences.subscribe(({ language }, before) => {
    // Every text of the page is drawn again by it, so not for another preference.
    if (language !== before.language) void i18next.changeLanguage(language);
  });
  await i18next.use(initReactI18next).init({
    lng: preferences.getState().language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, zh: { translation: zh } },
    interpolation: { escapeValue: false }, // React escapes
  });
}
