/** One option: its name and help at the left, its field at the right, and what is wrong with it below. */
import { RotateCcw } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { type Option, type OptionName, options } from '../../contract/catalogue.ts';
import { sayProblem } from '../../contract/problems.ts';
import { checkDrafts } from '../../store/options.ts';
import { suitedDraft } from '../../store/suits.ts';
import { Button } from '../controls/Button.tsx';
import { Choice } from '../controls/Choice.tsx';
import { Hint } from '../controls/Hint.tsx';
import { useLanguage, useSay } from '../language.ts';
import { actions, useStudio } from '../session.ts';
import { EvaluationCount } from './EvaluationCount.tsx';
import { MatryoshkaFill } from './MatryoshkaFill.tsx';

type Props = { name: OptionName; locked: boolean };

export function OptionField({ name, locked }: Props) {
  const option: Option = options[name];
  const { t } = useTranslation();
  const say = useSay();
  const language = useLanguage();
  const id = useId();
  const draft = useStudio((state) => state.drafts[name]);
  // The check makes a new object each time; its sentence is what counts.
  const wrong = useStudio(({ drafts, model }) => {
    const found = checkDrafts(drafts, model.summary)[name];
    return found ? sayProblem(found, language) : null;
  });
  const initial = useStudio((state) => suitedDraft(name, state));
  const initialWords = option.kind === 'choice' ? say(option.choices[initial]!) : initial || t('objective.none');
  const describedBy = [`${id}-help`, ...(wrong ? [`${id}-wrong`] : [])].join(' ');
  return (
    <div className="option" data-changed={draft !== initial || undefined}>
      <div className="option-words">
        <span className="option-name">
          <label htmlFor={id} id={`${id}-name`}>
            {say(option.label)}
          </label>
          {option.kind === 'choice' ? null : (
            <Hint of={say(option.label)}>
              {[
                t('objective.larger', { effect: say(option.larger) }),
                t('objective.smaller', { effect: say(option.smaller) }),
              ]}
            </Hint>
          )}
        </span>
        <p className="quiet" id={`${id}-help`}>
          {say(option.help)}
        </p>
        {name === 'evaluateEvery' && !wrong ? <EvaluationCount /> : null}
        {name === 'matryoshka' ? <MatryoshkaFill locked={locked} /> : null}
      </div>
      <div className="option-control">
        <div className="option-line">
          {draft !== initial ? (
            <Button
              kind="plain"
              icon
              isDisabled={locked}
              aria-label={t('objective.reset', { value: initialWords })}
              aria-describedby={`${id}-name`}
              onPress={() => actions.resetOption(name)}
            >
              <RotateCcw size={14} aria-hidden />
            </Button>
          ) : null}
          {option.kind === 'choice' ? (
            <Choice
              id={id}
              aria-describedby={describedBy}
              options={Object.entries(option.choices).map(([value, label]) => [value, say(label)] as const)}
              value={draft}
              disabled={locked}
              onChange={(value) => actions.setOption(name, value)}
            />
          ) : (
            <input
              id={id}
              className="field-input"
              inputMode={option.kind === 'list' ? 'text' : 'decimal'}
              autoComplete="off"
              spellCheck={false}
              value={draft}
              disabled={locked}
              aria-invalid={wrong !== null}
              aria-describedby={describedBy}
              onChange={(event) => actions.setOption(name, event.target.value)}
            />
          )}
        </div>
        {wrong ? (
          <p className="option-wrong" id={`${id}-wrong`} role="alert">
            {wrong}
          </p>
        ) : draft !== initial ? (
          <p className="option-default quiet small">{t('objective.default', { value: initialWords })}</p>
        ) : null}
      </div>
    </div>
  );
}
