/** The probabilities that a classifier gives to each label, as bars: before training, where its head is not new, and now. */
import { useTranslation } from 'react-i18next';
import { fixed } from '../format.ts';

export function Classes({ labels, before, now }: { labels: string[]; before: number[] | null; now: number[] }) {
  const { t } = useTranslation();
  const times = [['before', before] as const, ['now', now] as const].flatMap(([when, values]) =>
    values ? [[when, values] as const] : [],
  );
  return (
    <>
      <p className="quiet small">{t('try.kind.classes')}</p>
      <div className="hits" data-columns={times.length}>
        {times.map(([when, values]) => (
          <section key={when} data-when={when} aria-label={t(`try.${when}`)}>
            <h3>{t(`try.${when}`)}</h3>
            <dl className="chances">
              {labels.map((label, i) => (
                <div key={label} data-most={values[i] === Math.max(...values) || undefined}>
                  <dt>{label}</dt>
                  <dd className="number" data-testid={`class-${when}-${label}`}>
                    {fixed(values[i], 3)}
                  </dd>
                  <dd className="hit-bar" aria-hidden>
                    <span style={{ width: `${100 * (values[i] ?? 0)}%` }} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      {before === null ? <p className="quiet small">{t('try.newHead')}</p> : null}
    </>
  );
}
