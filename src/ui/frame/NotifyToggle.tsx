/** The bell of the run bar: whether a notification tells of the end of a run. */
import { Bell, BellRing } from 'lucide-react';
import { useState } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { preferences, setNotify } from '../preferences.ts';
import { askToNotify, canNotify } from './notify.ts';

export function NotifyToggle() {
  const { t } = useTranslation();
  const notify = useStore(preferences, (state) => state.notify);
  const [refused, setRefused] = useState(false);
  if (!canNotify()) return null;

  async function change(wanted: boolean) {
    if (!wanted) setNotify(false);
    setRefused(wanted && !(await askToNotify()));
  }

  return (
    <>
      <p className="runbar-refused small quiet" role="status">
        {refused ? t('away.refused') : null}
      </p>
      <ToggleButton
        className="button"
        data-kind="plain"
        data-shape="icon"
        aria-label={t('away.notify')}
        isSelected={notify}
        onChange={(wanted) => void change(wanted)}
      >
        {notify ? <BellRing size={16} aria-hidden /> : <Bell size={16} aria-hidden />}
      </ToggleButton>
    </>
  );
}
