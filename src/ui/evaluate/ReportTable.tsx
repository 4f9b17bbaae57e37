/** The figures before training, after it (or now) and where the run was best; all of them by group, or the few that matter. */
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type MetricName, metricOf } from '../../contract/metrics.ts';
import { bestOf } from '../../store/evaluations.ts';
import { groupFigures, judgeChange, type ReportGroup } from '../../store/report.ts';
import { Hint } from '../controls/Hint.tsx';
import { fixed } from '../format.ts';
import { useFormat, useSay } from '../language.ts';
import { useStudio } from '../session.ts';
import { Geometry } from './Geometry.tsx';

/** Beside the primary metric, what a short table shows. */
const telling: readonly MetricName[] = ['eval/positive_mean', 'eval/negative_mean', 'eval/macro_f1', 'eval/pearson'];

export function ReportTable({ brief = false }: { brief?: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const evaluations = useStudio((state) => state.run.evaluations);
  const outcome = useStudio((state) => state.run.outcome);
  const before = outcome?.before ?? evaluations[0]?.report;
  const now = outcome?.after ?? evaluations.at(-1)?.report;
  const best = bestOf(evaluations);
  if (!before || !now) return null;
  const all = groupFigures(before, now);
  const groups = brief ? briefly(all, now.primary) : all;
  const columns = best ? 5 : 4;
  return (
    <div className="report" data-brief={brief || undefined}>
      <table aria-label={t('evaluate.table')}>
        <thead>
          <tr>
            <th scope="col">{t('evaluate.metric')}</th>
            <th scope="col">{t('evaluate.before')}</th>
            <th scope="col">{t(outcome ? 'evaluate.after' : 'evaluate.now')}</th>
            <th scope="col">{t('evaluate.change')}</th>
            {best ? (
              <th scope="col" data-best-value>
                {t('evaluate.best', { step: format.count(best.step) })}
              </th>
            ) : null}
          </tr>
        </thead>
        {groups.map(({ group, rows }) => (
          <tbody key={group}>
            {brief ? null : (
              <tr className="report-group">
                <th scope="rowgroup" colSpan={columns}>
                  {t(`evaluate.groups.${group}`)}
                  {group === 'geometry' ? <Geometry before={before} now={now} /> : null}
                </th>
              </tr>
            )}
            {rows.map((row) => (
              <tr key={row.name} data-primary={row.name === now.primary || undefined}>
                <MetricHead name={row.name} />
                <td data-testid={`${row.name}-before`}>{fixed(row.before, 4)}</td>
                <td data-testid={`${row.name}-after`}>{fixed(row.now, 4)}</td>
                <Change row={row} />
                {best ? <td data-best-value>{fixed(best.report.metrics[row.name], 4)}</td> : null}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

/** The primary metric and what tells most beside it, without groups. */
function briefly(groups: readonly ReportGroup[], primary: MetricName): ReportGroup[] {
  const rows = groups.flatMap((each) => each.rows);
  const shown = [...rows.filter(({ name }) => name === primary), ...rows.filter(({ name }) => telling.includes(name))];
  return [{ group: 'similarity', rows: shown }];
}

/** A metric's name, the way that is better, and its help. */
function MetricHead({ name }: { name: MetricName }) {
  const { t } = useTranslation();
  const say = useSay();
  const { label, help, better } = metricOf(name);
  const Arrow = better === 'smaller' ? ArrowDown : ArrowUp;
  return (
    <th scope="row">
      <span className="metric">
        {say(label)}
        {better ? (
          <>
            <Arrow size={12} aria-hidden />
            <span className="unseen">{t(`evaluate.better.${better}`)}</span>
          </>
        ) : null}
        <Hint of={say(label)}>{say(help)}</Hint>
      </span>
    </th>
  );
}

function Change({ row }: { row: ReportGroup['rows'][number] }) {
  const { t } = useTranslation();
  const { before, now } = row;
  if (before === null || now === null) return <td className="quiet">–</td>;
  const judged = judgeChange(row);
  return (
    <td className="quiet" data-change={judged ?? undefined}>
      {now > before ? '+' : ''}
      {fixed(now - before, 4)}
      {judged ? (
        <span className="unseen">{t(judged === 'better' ? 'evaluate.improved' : 'evaluate.worsened')}</span>
      ) : null}
    </td>
  );
}
