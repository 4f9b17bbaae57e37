/** Beside the steps: every run of this device. */
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

const RunTable = lazy(() => import('./RunTable.tsx').then((file) => ({ default: file.RunTable })));

export function RunsPanel() {
  const { t } = useTranslation();
  return (
    <div className="panel runs">
      <header className="panel-head">
        <h2>{t('runs.title')}</h2>
        <p>{t('runs.intro')}</p>
      </header>
      <Suspense fallback={<p className="quiet">{t('runs.opening')}</p>}>
        <RunTable />
      </Suspense>
    </div>
  );
}
