/** What came of a run: one sentence, the table of before, after and best, and what to do with the model. */
import { useTranslation } from 'react-i18next';
import { gapOf } from '../../store/evaluations.ts';
import type { Outcome } from '../../store/run.ts';
import { Button } from '../controls/Button.tsx';
import { ProblemNote } from '../controls/ProblemNote.tsx';
import { ExportButton } from '../export/ExportButton.tsx';
import { fixed } from '../format.ts';
import { useFormat } from '../language.ts';
import { actions, useStudio } from '../session.ts';
import { ReportTable } from './ReportTable.tsx';

export function RunCard() {
  const { t } = useTranslation();
  const format = useFormat();
  const { outcome, step, totalSteps } = useStudio((state) => state.run);
  if (!outcome) return null;
  return (
    <section className="card run-card" data-testid="run-card">
      <div className="run-card-words">
        <h3>
          <Verdict outcome={outcome} />
        </h3>
        {outcome.reason === 'stopped' ? (
          <p className="quiet">{t('card.stopped', { step: format.count(step), total: format.count(totalSteps) })}</p>
        ) : null}
        <div className="run-card-buttons">
          <ExportButton />
          <Button onPress={() => actions.show('try')}>{t('card.tryIt')}</Button>
        </div>
        <ProblemNote place="export" />
      </div>
      {outcome.after.pairs > 0 ? <ReportTable /> : null}
    </section>
  );
}

function Verdict({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { before, after, seconds } = outcome;
  const time = format.duration(seconds);
  const pairs = format.count(after.pairs);
  const [from, to] = [before.metrics[before.primary], after.metrics[after.primary]];
  if (from !== null && to !== null) {
    const words = { before: fixed(from, 3), after: fixed(to, 3), pairs, time };
    return t(words.before === words.after ? 'card.same' : to > from ? 'card.rose' : 'card.fell', words);
  }
  const [gapBefore, gapAfter] = [gapOf(before), gapOf(after)];
  if (gapBefore === null || gapAfter === null) return t(after.pairs > 0 ? 'card.done' : 'card.unseen', { time });
  const words = { before: fixed(gapBefore, 3), after: fixed(gapAfter, 3), pairs, time };
  return t(gapAfter >= gapBefore ? 'card.gapRose' : 'card.gapFell', words);
}
