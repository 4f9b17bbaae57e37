/** The third step: what to learn, and every option of the run, all of it from the catalogue. */
import './objective.css';
import { useTranslation } from 'react-i18next';
import type { Option } from '../../contract/catalogue.ts';
import { isActive } from '../../store/run.ts';
import { CopyLink } from '../runs/CopyLink.tsx';
import { useStudio } from '../session.ts';
import { ObjectiveChoice } from './ObjectiveChoice.tsx';
import { OptionGroup } from './OptionGroup.tsx';

const groups = ['objective', 'training', 'model', 'evaluation'] as const satisfies Option['group'][];

export function ObjectivePanel() {
  const { t } = useTranslation();
  const locked = useStudio((state) => isActive(state.run));
  return (
    <div className="panel">
      <header className="panel-head">
        <h2>{t('objective.title')}</h2>
        <CopyLink />
        {locked ? <p>{t('data.locked')}</p> : null}
      </header>
      <ObjectiveChoice locked={locked} />
      {groups.map((group) => (
        <OptionGroup key={group} group={group} locked={locked} />
      ))}
    </div>
  );
}
