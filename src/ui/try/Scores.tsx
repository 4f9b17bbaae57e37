/** Two cosines, or a cross-encoder's two scores: as figures, and as two marks on one scale. */
import { useTranslation } from 'react-i18next';
import type { Trial } from '../../contract/calls.ts';
import { fixed } from '../format.ts';
import { useStudio } from '../session.ts';

export function Scores({ trial }: { trial: Exclude<Trial, { kind: 'classes' }> }) {
  const { t } = useTranslation();
  const trained = useStudio((state) => state.model.trainedBy !== null);
  const { kind, before, now } = trial;
  // Most cosines of sentences are positive; the scale opens to the left only where one is not.
  const low = Math.min(before ?? 0, now) < 0 ? -1 : 0;
  const place = (value: number) => 100 * Math.min(1, Math.max(0, (value - low) / (1 - low)));
  const from = before ?? now;
  const change = before === null ? null : now - before;
  return (
    <>
      <p className="quiet small">{t(`try.kind.${kind}`)}</p>
      <dl className="scores">
        {trained && before !== null ? (
          <div data-when="before">
            <dt>{t('try.before')}</dt>
            <dd className="number" data-testid="cosine-before">
              {fixed(before, 4)}
            </dd>
          </div>
        ) : null}
        <div data-when="now">
          <dt>{t('try.now')}</dt>
          <dd className="number" data-testid="cosine-now">
            {fixed(now, 4)}
          </dd>
        </div>
        {trained && change !== null ? (
          <div data-change={change > 0 ? 'up' : change < 0 ? 'down' : undefined}>
            <dt>{t('try.change')}</dt>
            <dd className="number">
              {change > 0 ? '+' : ''}
              {fixed(change, 4)}
            </dd>
          </div>
        ) : null}
      </dl>
      <div className="scale" aria-hidden>
        <span
          className="scale-way"
          style={{ left: `${place(Math.min(from, now))}%`, width: `${Math.abs(place(now) - place(from))}%` }}
        />
        {trained && before !== null ? (
          <span className="scale-mark" data-when="before" style={{ left: `${place(before)}%` }} />
        ) : null}
        <span className="scale-mark" data-when="now" style={{ left: `${place(now)}%` }} />
      </div>
      <p className="scale-ends small quiet" aria-hidden>
        <span>{fixed(low, 0)}</span>
        <span>{fixed(1, 0)}</span>
      </p>
      {before === null ? <p className="quiet small">{t('try.newHead')}</p> : null}
    </>
  );
}
