/** Stops the run and says which weights to keep: the best so far, or the last. */
import { ChevronDown } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { useTranslation } from 'react-i18next';
import { bestOf } from '../../store/evaluations.ts';
import { MenuPopover } from '../controls/MenuPopover.tsx';
import { useFormat } from '../language.ts';
import { actions, useStudio } from '../session.ts';

export function StopMenu() {
  const { t } = useTranslation();
  const format = useFormat();
  const best = useStudio(({ run }) => {
    const metric = run.config?.metric;
    return bestOf(run.evaluations, metric === undefined || metric === 'auto' ? undefined : metric)?.step ?? null;
  });
  return (
    <MenuTrigger>
      <AriaButton className="button" data-shape="icon" aria-label={t('runs.keep')}>
        <ChevronDown size={14} aria-hidden />
      </AriaButton>
      <MenuPopover label={t('runs.keep')} placement="top end">
        {best === null ? null : (
          <MenuItem className="menu-item" onAction={() => void actions.stopRun('best')}>
            {t('runs.keepBest', { step: format.count(best) })}
          </MenuItem>
        )}
        <MenuItem className="menu-item" onAction={() => void actions.stopRun('last')}>
          {t('runs.keepLast')}
        </MenuItem>
      </MenuPopover>
    </MenuTrigger>
  );
}
