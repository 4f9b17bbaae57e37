/** The objectives to choose from, each with what it does and which columns it needs. */
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { useTranslation } from 'react-i18next';
import { objectives, options, roles } from '../../contract/catalogue.ts';
import { useLanguage, useSay } from '../language.ts';
import { actions, useStudio } from '../session.ts';

export function ObjectiveChoice({ locked }: { locked: boolean }) {
  const { t } = useTranslation();
  const say = useSay();
  const comma = useLanguage() === 'zh' ? '、' : ', ';
  const objective = useStudio((state) => state.drafts.objective);
  return (
    <RadioGroup
      className="objectives"
      aria-label={say(options.objective.label)}
      value={objective}
      isDisabled={locked}
      onChange={(next) => actions.setOption('objective', next)}
    >
      {Object.entries(objectives).map(([name, { label, summary, needs }]) => (
        <Radio key={name} value={name} className="card objective" aria-label={say(label)}>
          <span className="objective-dot" aria-hidden />
          <span className="objective-words">
            <b>{say(label)}</b>
            <span>{say(summary)}</span>
            <span className="quiet small">
              {t('objective.needs')}: {needs.map((role) => say(roles[role].label)).join(comma)}
            </span>
          </span>
        </Radio>
      ))}
    </RadioGroup>
  );
}
