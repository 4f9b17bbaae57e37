/** The nearest texts before training and now, side by side with their places, and which of them rose and fell. */
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type Hit, movers } from '../../store/try/hits.ts';
import { fixed } from '../format.ts';
import { useFormat } from '../language.ts';
import { useStudio } from '../session.ts';

const moversShown = 3;

type Props = { hits: readonly Hit[]; top: number };

export function Hits({ hits, top }: Props) {
  const { t } = useTranslation();
  const trained = useStudio((state) => state.model.trainedBy !== null);
  const compared = trained && hits.every(({ before }) => before !== null);
  const earlier = [...hits].sort((a, b) => (a.placeBefore ?? 0) - (b.placeBefore ?? 0)).slice(0, top);
  const { rose, fell } = movers(hits, top, moversShown);
  return (
    <>
      <div className="hits" data-columns={compared ? 2 : 1}>
        {compared ? <HitList when="before" hits={earlier} /> : null}
        <HitList when="now" hits={hits.slice(0, top)} compared={compared} />
      </div>
      {compared ? (
        <div className="movers">
          {(
            [
              ['rose', rose],
              ['fell', fell],
            ] as const
          ).map(([way, list]) =>
            list.length > 0 ? (
              <section key={way} aria-label={t(`try.${way}`)}>
                <h3>{t(`try.${way}`)}</h3>
                <ul>
                  {list.map((hit) => (
                    <li key={hit.index}>
                      <Move hit={hit} />
                      <span>{hit.text}</span>
                      <span className="quiet small number">
                        {fixed(hit.before, 3)} → {fixed(hit.now, 3)}
                      </span>
                    </li>
                  ))}
                </ul>
              </section>
            ) : null,
          )}
        </div>
      ) : null}
      {trained && !compared ? <p className="quiet small">{t('try.newHead')}</p> : null}
    </>
  );
}

type ListProps = { when: 'before' | 'now'; hits: readonly Hit[]; compared?: boolean };

function HitList({ when, hits, compared = false }: ListProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section aria-label={t(`try.${when}`)} data-when={when}>
      <h3>{t(`try.${when}`)}</h3>
      <ol data-testid={`hits-${when}`}>
        {hits.map((hit) => {
          const value = when === 'now' ? hit.now : (hit.before ?? 0);
          return (
            <li key={hit.index} className="hit">
              <span className="number quiet">
                {format.count(when === 'now' ? hit.placeNow : (hit.placeBefore ?? 0))}
              </span>
              <span className="hit-text">{hit.text}</span>
              {compared ? <Move hit={hit} /> : <span />}
              <span className="number">{fixed(value, 4)}</span>
              <span className="hit-bar" aria-hidden>
                <span style={{ width: `${100 * Math.max(0, Math.min(1, value))}%` }} />
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** How many places a text rose or fell. */
function Move({ hit: { placeBefore, placeNow } }: { hit: Hit }) {
  const { t } = useTranslation();
  const format = useFormat();
  const change = placeBefore === null ? 0 : placeBefore - placeNow;
  if (change === 0) return <span />;
  const Arrow = change > 0 ? ArrowUp : ArrowDown;
  return (
    <span className="move" data-way={change > 0 ? 'up' : 'down'}>
      <Arrow size={12} aria-hidden />
      <span aria-hidden>{format.count(Math.abs(change))}</span>
      <span className="unseen">{t(change > 0 ? 'try.roseBy' : 'try.fellBy', { count: Math.abs(change) })}</span>
    </span>
  );
}
