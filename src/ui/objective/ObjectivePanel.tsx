/** The third step: what to learn, and every option of the run, all of it from the catalogue. */
import './objective.css';
import { useTranslation } from 'react-i18next';
import {
  appliesTo,
  type ObjectiveName,
  type Option,
  type OptionName,
  optionEntries,
} from '../../contract/catalogue.ts';
import { isActive } from '../../store/run.ts';
import { useStudio } from '../session.ts';
import { ObjectiveChoice } from './ObjectiveChoice.tsx';
import { OptionField } from './OptionField.tsx';

const groups = ['objective', 'training', 'model', 'evaluation'] as const satisfies Option['group'][];

export function ObjectivePanel() {
  const { t } = useTranslation();
  const locked = useStudio((state) => isActive(state.run));
  const objective = useStudio((state) => state.drafts.objective) as ObjectiveName;
  const shown = ([name, option]: [OptionName, Option]) => name !== 'objective' && appliesTo(option, objective);
  return (
    <div className="panel">
      <header className="panel-head">
        <h2>{t('objective.title')}</h2>
        {locked ? <p>{t('data.locked')}</p> : null}
      </header>
      <ObjectiveChoice locked={locked} />
      {groups.map((group) => (
        <section className="card options" key={group} aria-labelledby={`group-${group}`}>
          <h3 id={`group-${group}`}>{t(`objective.group.${group}`)}</h3>
          <div>
            {optionEntries
              .filter((entry) => entry[1].group === group && shown(entry))
              .map(([name, option]) => (
                <OptionField key={name} name={name} option={option} locked={locked} />
              ))}
          </div>
        </section>
      ))}
    </div>
  );
}
