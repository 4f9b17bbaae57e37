/** The language and the theme of the page, and what else the user chose of it, remembered by the browser. */
import { createStore } from 'zustand/vanilla';
import type { Text } from '../contract/problems.ts';

export type Language = keyof Text;
export type Theme = 'light' | 'dark' | 'system';

function recall<T extends string>(key: string, known: readonly T[]): T | null {
  try {
    return known.find((value) => value === localStorage.getItem(key)) ?? null;
  } catch {
    return null; // storage may be forbidden; the page works without
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // as above
  }
}

function browserLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const preferences = createStore(() => ({
  language: recall<Language>('language', ['en', 'zh']) ?? browserLanguage(),
  theme: recall<Theme>('theme', ['light', 'dark', 'system']) ?? 'system',
  notify: recall('notify', ['yes', 'no']) === 'yes',
  shortcuts: recall('shortcuts', ['yes', 'no']) !== 'no',
  tourSeen: recall('tour', ['seen']) === 'seen',
}));

export function setLanguage(language: Language): void {
  remember('language', language);
  preferences.setState({ language });
}

export function setTheme(theme: Theme): void {
  remember('theme', theme);
  preferences.setState({ theme });
}

export function setNotify(notify: boolean): void {
  remember('notify', notify ? 'yes' : 'no');
  preferences.setState({ notify });
}

export function setShortcuts(shortcuts: boolean): void {
  remember('shortcuts', shortcuts ? 'yes' : 'no');
  preferences.setState({ shortcuts });
}

export function setTourSeen(): void {
  remember('tour', 'seen');
  preferences.setState({ tourSeen: true });
}

/** Keeps `<html>` at the chosen theme and language, also when the system's theme changes. */
export function applyPreferences(): void {
  const systemDark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const { language, theme } = preferences.getState();
    const root = document.documentElement;
    root.lang = language === 'zh' ? 'zh-CN' : 'en';
    root.dataset.theme = theme === 'system' ? (systemDark.matches ? 'dark' : 'light') : theme;
  };
  preferences.subscribe(apply);
  systemDark.addEventListener('change', apply);
  apply();
}
