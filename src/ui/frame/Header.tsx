/** The head of the page: name, device, help, language and theme. */
import { Monitor, Moon, Sun } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Segments } from '../controls/Segments.tsx';
import { preferences, setLanguage, setTheme } from '../preferences.ts';
import { BackendBadge } from './BackendBadge.tsx';
import { HelpMenu } from './HelpMenu.tsx';
import { Mark } from './Mark.tsx';

export function Header() {
  const { t } = useTranslation();
  const { language, theme } = useStore(preferences);
  return (
    <header className="header">
      <div className="brand">
        <Mark />
        <h1>{t('app.name')}</h1>
      </div>
      <BackendBadge />
      <HelpMenu />
      <Segments
        label={t('language.label')}
        value={language}
        onChange={setLanguage}
        choices={[
          { value: 'en', label: t('language.en'), mark: 'EN' },
          { value: 'zh', label: t('language.zh'), mark: '中' },
        ]}
      />
      <Segments
        label={t('theme.label')}
        value={theme}
        onChange={setTheme}
        choices={[
          { value: 'light', label: t('theme.light'), mark: <Sun size={14} aria-hidden /> },
          { value: 'dark', label: t('theme.dark'), mark: <Moon size={14} aria-hidden /> },
          { value: 'system', label: t('theme.system'), mark: <Monitor size={14} aria-hidden /> },
        ]}
      />
    </header>
  );
}
