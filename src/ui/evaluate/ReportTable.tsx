/** The metrics before training, after it (or now) and where they were best. */
import { useTranslation } from 'react-i18next';
import type { EvaluationReport } from '../../contract/run.ts';
import { bestOf, gapOf } from '../../store/evaluations.ts';
import { fixed } from '../format.ts';
import { useFormat } from '../language.ts';
import { useStudio } from '../session.ts';

const rows = [
  ['spearman', ({ metrics }: EvaluationReport) => metrics['eval/spearman_cosine']],
  ['pearson', ({ metrics }: EvaluationReport) => metrics['eval/pearson_cosine']],
  ['positive', ({ metrics }: EvaluationReport) => metrics['eval/positive_mean']],
  ['negative', ({ metrics }: EvaluationReport) => metrics['eval/negative_mean']],
  ['gap', gapOf],
] as const;

export function ReportTable() {
  const { t } = useTranslation();
  const format = useFormat();
  const evaluations = useStudio((state) => state.run.evaluations);
  const outcome = useStudio((state) => state.run.outcome);
  const before = outcome?.before ?? evaluations[0]?.report;
  const after = outcome?.after ?? evaluations.at(-1)?.report;
  const best = bestOf(evaluations);
  if (!before || !after) return null;
  const shown = rows.filter(([, read]) => read(before) !== null || read(after) !== null);
  return (
    <div className="report">
      <table aria-label={t('evaluate.table')}>
        <thead>
          <tr>
            <th scope="col">{t('evaluate.metric')}</th>
            <th scope="col">{t('evaluate.before')}</th>
            <th scope="col">{t(outcome ? 'evaluate.after' : 'evaluate.now')}</th>
            <th scope="col">{t('evaluate.change')}</th>
            {best ? <th scope="col">{t('evaluate.best', { step: format.count(best.step) })}</th> : null}
          </tr>
        </thead>
        <tbody>
          {shown.map(([name, read]) => (
            <tr key={name}>
              <th scope="row">{t(`evaluate.${name}`)}</th>
              <td data-testid={`${name}-before`}>{fixed(read(before), 4)}</td>
              <td data-testid={`${name}-after`}>{fixed(read(after), 4)}</td>
              <td className="quiet">{difference(read(before), read(after))}</td>
              {best ? <td>{fixed(read(best.report), 4)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function difference(before: number | null, after: number | null): string {
  if (before === null || after === null) return '–';
  return `${after > before ? '+' : ''}${fixed(after - before, 4)}`;
}
