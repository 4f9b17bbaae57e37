/** What the curves of a run call for: the likely cause, and what to change. Read aloud when it comes up. */
import './hints.css';
import { Lightbulb } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { type Hint, hintsOf } from '../../store/hints.ts';
import { draftOf } from '../../store/options.ts';
import { isActive } from '../../store/run.ts';
import { suitedRate } from '../../store/suits.ts';
import { useFormat } from '../language.ts';
import { useStudio } from '../session.ts';

export function RunHints() {
  const [watch, evaluations] = useStudio(useShallow(({ run }) => [run.watch, run.evaluations] as const));
  const hints = hintsOf(watch, evaluations);
  return (
    <div className="run-hints" role="status" data-testid="run-hints">
      {hints.length > 0 ? (
        <ul>
          {hints.map((hint) => (
            <HintNote key={hint.kind} hint={hint} />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

/** One digit is enough of a rate to try. */
const oneDigit = (rate: number) => draftOf(Number(rate.toPrecision(1)));

function HintNote({ hint: { kind, value } }: { hint: Hint }) {
  const { t } = useTranslation();
  const format = useFormat();
  const config = useStudio(({ run }) => run.watch.config);
  const active = useStudio(({ run }) => isActive(run));
  const parameters = useStudio(({ model }) => model.summary?.parameters ?? 0);
  const rate = config?.learningRate ?? 0;
  const usual = config ? suitedRate(config.objective, parameters) : rate;
  const values = {
    step: format.count(value),
    times: format.count(value),
    rate: draftOf(rate),
    // Far from what suits the model, that is what to try.
    lower: oneDigit(Math.min(rate / 5, usual)),
    higher: oneDigit(Math.max(rate * 5, usual)),
    limit: draftOf(config?.maxGradNorm ?? 0),
  };
  return (
    <li className="note run-hint" data-hint={kind}>
      <Lightbulb size={16} aria-hidden />
      <div>
        <h3>{t(`hints.${kind}.title`, values)}</h3>
        <p>{t(`hints.${kind}.text`, values)}</p>
        {active ? <p className="quiet small">{t('hints.goesOn')}</p> : null}
      </div>
    </li>
  );
}
