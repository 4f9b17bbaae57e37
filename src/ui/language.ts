/** The language of the page for components: its name, texts of the contract in it, and numbers in its manner. */
import { useCallback } from 'react';
import { useStore } from 'zustand';
import type { Text } from '../contract/problems.ts';
import { type Format, formatIn } from './format.ts';
import { type Language, preferences } from './preferences.ts';

export function useLanguage(): Language {
  return useStore(preferences, ({ language }) => language);
}

/** Picks the page's language out of a text of the contract. */
export function useSay(): (text: Text) => string {
  const language = useLanguage();
  return useCallback((text: Text) => text[language], [language]);
}

/** Puts sentences one after the other in the manner of the language; empty ones are passed over. */
export function useRunOn(): (...sentences: string[]) => string {
  const language = useLanguage();
  return (...sentences) => sentences.filter(Boolean).join(language === 'zh' ? '' : ' ');
}

export function useFormat(): Format {
  return formatIn(useLanguage());
}
