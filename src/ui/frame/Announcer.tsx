/** Tells a screen reader the milestones: data and model loaded, run started, evaluated, paused, ended. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { metrics } from '../../contract/metrics.ts';
import { primaryOf } from '../../store/evaluations.ts';
import type { Studio } from '../../store/state.ts';
import { fixed } from '../format.ts';
import { useSay } from '../language.ts';
import { store } from '../session.ts';

export function Announcer() {
  const { t } = useTranslation();
  const say = useSay();
  const [words, setWords] = useState('');

  useEffect(() => {
    const tell = ({ run, slots, model }: Studio, before: Studio) => {
      const table = [slots.train.table, slots.evaluation.table].find(
        (each) => each && each !== before.slots.train.table && each !== before.slots.evaluation.table,
      );
      if (table) setWords(t('announce.data', { file: table.name, rows: table.rowCount }));
      if (model.summary && model.summary !== before.model.summary) {
        setWords(t('announce.model', { name: model.summary.name }));
      }
      const latest = run.evaluations.at(-1);
      if (latest && latest !== before.run.evaluations.at(-1)) {
        const value = primaryOf(latest);
        const { step } = latest;
        setWords(
          value === null
            ? t('announce.evaluationPlain', { step })
            : t('announce.evaluation', {
                step,
                metric: say(metrics[latest.report.primary].label),
                value: fixed(value, 3),
              }),
        );
      }
      if (run.tokenizing && !before.run.tokenizing) setWords(t('announce.tokenizing'));
      if (run.phase === before.run.phase) return;
      if (run.phase === 'idle') setWords(t('announce.cancelled'));
      if (run.phase === 'running') setWords(t(before.run.phase === 'paused' ? 'announce.resumed' : 'announce.started'));
      if (run.phase === 'paused') setWords(t('announce.paused', { step: run.step }));
      if (run.phase === 'finished') setWords(t('announce.finished'));
      if (run.phase === 'failed') setWords(t('announce.failed'));
    };
    return store.subscribe(tell);
  }, [t, say]);

  return (
    <p className="unseen" role="status" aria-live="polite">
      {words}
    </p>
  );
}
