/** The steps in the order the user walks them, each with its state: a rail on wide screens, a bar on narrow ones. */
import type { TFunction } from 'i18next';
import { Check, History, TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { metrics } from '../../contract/metrics.ts';
import { objectives } from '../../contract/objectives.ts';
import { primaryValue } from '../../store/evaluations.ts';
import { checkDrafts } from '../../store/options.ts';
import { markOf, type StepMark } from '../../store/readiness.ts';
import { isActive } from '../../store/run.ts';
import { type Step, type Studio, steps } from '../../store/state.ts';
import { type Format, fixed } from '../format.ts';
import { useFormat, useLanguage } from '../language.ts';
import type { Language } from '../preferences.ts';
import { actions, useStudio } from '../session.ts';

export function Rail() {
  const { t } = useTranslation();
  const view = useStudio((state) => state.view);
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = bar.current;
    if (!element) return;
    // Told once the page has been laid out, and again when a phone is turned.
    const observer = new ResizeObserver(() =>
      element.querySelector(`[href="#${view}"]`)?.scrollIntoView({ block: 'nearest', inline: 'center' }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [view]);
  return (
    <nav className="rail" aria-label={t('steps.label')} ref={bar}>
      <ol>
        {steps.map((step) => (
          <RailStep key={step} step={step} current={step === view} />
        ))}
      </ol>
      <RunsLink current={view === 'runs'} />
    </nav>
  );
}

function RailStep({ step, current }: { step: Step; current: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useLanguage();
  const [mark, detail] = useStudio(
    useShallow((state) => [markOf(state, step), detailOf(state, step, t, format, language)] as const),
  );
  return (
    <li>
      <a
        className="rail-step"
        href={`#${step}`}
        aria-current={current ? 'step' : undefined}
        data-mark={mark}
        onClick={(event) => {
          event.preventDefault();
          actions.show(step);
        }}
      >
        <RailMark mark={mark} />
        <span className="rail-name">{t(`steps.${step}`)}</span>
        <span className="unseen">{t(`steps.mark.${mark}`)}</span>
        <span className="rail-detail">{detail}</span>
      </a>
    </li>
  );
}

/** Beside the way: the runs so far. */
function RunsLink({ current }: { current: boolean }) {
  const { t } = useTranslation();
  const count = useStudio(({ runs }) => runs.entries.length);
  return (
    <a className="rail-step rail-runs" href="#runs" aria-current={current ? 'page' : undefined}>
      <History size={16} aria-hidden />
      <span className="rail-name">{t('runs.title')}</span>
      <span className="rail-detail">{t('runs.count', { count })}</span>
    </a>
  );
}

function RailMark({ mark }: { mark: StepMark }) {
  return (
    <span className="rail-mark" data-mark={mark} aria-hidden>
      {mark === 'done' ? <Check size={12} strokeWidth={2.5} /> : null}
      {mark === 'problem' ? <TriangleAlert size={12} strokeWidth={2.5} /> : null}
    </span>
  );
}

const ends = { completed: 'rail.trained', stopped: 'rail.stopped', early: 'rail.early' } as const;

/** The few words under a step's name. */
function detailOf(state: Studio, step: Step, t: TFunction, format: Format, language: Language): string {
  const { slots, model, drafts, run } = state;
  switch (step) {
    case 'data': {
      const count = slots.train.table?.rowCount;
      return count === undefined ? t('rail.noData') : t('rail.rows', { count, rows: format.count(count) });
    }
    case 'model':
      return model.phase === 'loading' ? t('rail.loading') : (model.summary?.name ?? t('rail.noModel'));
    case 'objective': {
      const count = Object.keys(checkDrafts(drafts, model.summary)).length;
      if (count > 0) return t('rail.options', { count });
      return objectives[drafts.objective as keyof typeof objectives].label[language];
    }
    case 'train':
      if (isActive(run)) return t('rail.step', { step: format.count(run.step), total: format.count(run.totalSteps) });
      if (run.phase === 'failed') return t('rail.failed');
      if (run.outcome) return t(ends[run.outcome.reason]);
      return t('rail.notRun');
    case 'evaluate': {
      // After the run, that of the weights which are kept.
      const report = run.outcome?.after ?? run.evaluations.at(-1)?.report;
      const value = report ? primaryValue(report) : null;
      if (!report || value === null) return t('rail.notEvaluated');
      return t('rail.metric', { metric: metrics[report.primary].label[language], value: fixed(value, 3) });
    }
    case 'try':
      return t('rail.cosine');
    case 'export':
      return t(state.exported ? 'rail.exported' : 'rail.zip');
  }
}
