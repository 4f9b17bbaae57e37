/** The sixth step: what the model makes of the user's own sentences, before training and now, in six ways. */
import './try.css';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

const TryTabs = lazy(() => import('./TryTabs.tsx').then((file) => ({ default: file.TryTabs })));

export function TryPanel() {
  const { t } = useTranslation();
  return (
    <div className="panel try">
      <header className="panel-head">
        <h2>{t('try.title')}</h2>
        <p>{t('try.intro')}</p>
      </header>
      <Suspense fallback={<p className="quiet">{t('try.opening')}</p>}>
        <TryTabs />
      </Suspense>
    </div>
  );
}
