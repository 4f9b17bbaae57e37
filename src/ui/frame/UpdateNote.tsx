/** Offers a new version of the page; never while a run is in progress, and never by itself. */
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { isActive } from '../../store/run.ts';
import { Button } from '../controls/Button.tsx';
import { useStudio } from '../session.ts';
import { takeUpdate, update } from './offline.ts';

export function UpdateNote() {
  const { t } = useTranslation();
  const waiting = useStore(update, (state) => state.waiting !== null);
  const active = useStudio(({ run }) => isActive(run));
  return (
    <div className="update-note" role="status">
      {waiting && !active ? (
        <>
          <p>{t('pwa.update')}</p>
          <Button kind="plain" onPress={takeUpdate}>
            {t('pwa.reload')}
          </Button>
        </>
      ) : null}
    </div>
  );
}
