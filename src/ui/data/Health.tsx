/** What stands out in the data before a run: each finding with its count, what it means, what to do, and an example. */
import { CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { Slot } from '../../contract/data.ts';
import type { HealthFinding, RowExample } from '../../contract/health.ts';
import { findingsOf } from '../../store/health.ts';
import { useFormat, useLanguage } from '../language.ts';
import { useStudio } from '../session.ts';

/** These make figures wrong or teach what is wrong; the others are worth knowing. */
const grave: ReadonlySet<HealthFinding['kind']> = new Set(['leak', 'conflicts']);

export function Health() {
  const { t } = useTranslation();
  const [health, plan, drafts] = useStudio(useShallow((state) => [state.health, state.plan, state.drafts] as const));
  const findings = findingsOf({ health, plan, drafts });
  return (
    <section className="card health" aria-labelledby="health-title" aria-busy={findings === null} data-testid="health">
      <div className="card-head">
        <h3 id="health-title">{t('health.title')}</h3>
      </div>
      {findings === null ? <p className="quiet">{t('health.checking')}</p> : null}
      {findings?.length === 0 ? (
        <p className="health-fine">
          <CircleCheck size={16} aria-hidden />
          {t('health.fine')}
        </p>
      ) : null}
      {findings && findings.length > 0 ? (
        <ul>
          {findings.map((finding) => (
            <Finding key={`${finding.slot}-${finding.kind}`} finding={finding} />
          ))}
        </ul>
      ) : null}
    </section>
  );
}

/** What the sentences of a finding are filled with; what a kind has no use for stays empty. */
function useValues(finding: HealthFinding) {
  const { t } = useTranslation();
  const format = useFormat();
  const comma = useLanguage() === 'zh' ? '、' : ', ';
  const { count, total } = finding;
  const shareOf = (part: number) => (part / total < 0.01 ? `< ${format.share(0.01)}` : format.share(part / total));
  const [most, least] = finding.kind === 'imbalance' ? [finding.most, finding.least] : [];
  const scripts = finding.kind === 'scripts' ? finding.shares : [];
  return {
    count,
    rows: format.count(count),
    share: shareOf(count),
    max: finding.kind === 'long' ? finding.maxLength : '',
    most: most?.label ?? '',
    least: least?.label ?? '',
    times: most && least ? format.count(Math.round(most.count / least.count)) : '',
    mostRows: most ? format.count(most.count) : '',
    leastRows: least ? format.count(least.count) : '',
    scripts: scripts.map((each) => `${t(`health.script.${each.script}`)} ${shareOf(each.count)}`).join(comma),
  };
}

function Finding({ finding }: { finding: HealthFinding }) {
  const { t } = useTranslation();
  const values = useValues(finding);
  const { kind, slot, example } = finding;
  const Icon = grave.has(kind) ? TriangleAlert : Info;
  return (
    <li data-kind={kind} data-grave={grave.has(kind) || undefined}>
      <Icon size={16} aria-hidden />
      <div>
        <h4>
          {t(`health.${kind}.title`, values)}
          <span className="quiet"> {t(slot === 'train' ? 'data.train' : 'data.evaluation')}</span>
        </h4>
        <p>{t(`health.${kind}.text`, values)}</p>
        <Example example={example} slot={slot} />
      </div>
    </li>
  );
}

function Example({ example: { line, texts, other }, slot }: { example: RowExample; slot: Slot }) {
  const { t } = useTranslation();
  const format = useFormat();
  const place = other
    ? t(other.slot === slot ? 'health.lines' : 'health.linesInTraining', {
        line: format.count(line),
        other: format.count(other.line),
      })
    : t('health.line', { line: format.count(line) });
  return (
    <blockquote className="health-example small">
      <span className="quiet">{place}</span>
      {texts.slice(0, 2).map((text, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: both sentences of a row may be the same
        <q key={i}>{text.length > 160 ? `${text.slice(0, 160)}…` : text}</q>
      ))}
    </blockquote>
  );
}
