/** Two cosines as figures and bars. */
import { useTranslation } from 'react-i18next';
import type { Comparison } from '../../store/state.ts';
import { fixed } from '../format.ts';

export function Cosines({ result, stale }: { result: Comparison; stale: boolean }) {
  const { t } = useTranslation();
  // Most cosines of sentences are positive; the scale opens to the left only where one is not.
  const low = Math.min(result.before, result.now) < 0 ? -1 : 0;
  const place = (value: number) => `${((value - low) / (1 - low)) * 100}%`;
  return (
    <div className="cosines" data-stale={stale || undefined} aria-live="polite">
      <dl>
        {(['before', 'now'] as const).map((when) => (
          <div key={when} data-when={when}>
            <dt>{t(`try.${when}`)}</dt>
            <dd className="number" data-testid={`cosine-${when}`}>
              {fixed(result[when], 4)}
            </dd>
            <dd className="cosine-track" aria-hidden>
              <span
                style={{
                  left: place(Math.min(0, result[when])),
                  right: `calc(100% - ${place(Math.max(0, result[when]))})`,
                }}
              />
            </dd>
          </div>
        ))}
      </dl>
      <p className="cosine-scale small quiet" aria-hidden>
        <span>{fixed(low, 0)}</span>
        <span>1</span>
      </p>
      {stale ? <p className="quiet small">{t('try.stale')}</p> : null}
    </div>
  );
}
