/** How long the sentences are, as bars, with the mark beyond which they are cut. */
import { useTranslation } from 'react-i18next';
import type { DataPlan } from '../../contract/data.ts';
import { readNumber } from '../../store/options.ts';
import { useFormat, useRunOn } from '../language.ts';
import { useStudio } from '../session.ts';

const [width, height] = [240, 56];

export function Lengths({ lengths }: { lengths: DataPlan['lengths'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const runOn = useRunOn();
  const max = useStudio((state) => readNumber(state.drafts.maxLength));
  const { counts, median, longest, truncatedShare } = lengths;
  const most = Math.max(...counts, 1);
  const span = counts.length * lengths.width;
  const bar = width / counts.length;
  const cut = max < span ? (max / span) * width : null;
  return (
    <figure className="lengths">
      <figcaption>{t('lengths.title')}</figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('lengths.chart', { max })}
      >
        {counts.map((count, i) => {
          const tall = count === 0 ? 0 : Math.max(1.5, (count / most) * (height - 4));
          const gap = Math.min(1, bar / 4);
          const start = i * lengths.width;
          return (
            <rect
              key={start}
              x={i * bar}
              y={height - tall}
              width={bar - gap}
              height={tall}
              data-cut={start >= max || undefined}
            />
          );
        })}
        {cut !== null ? <line x1={cut} x2={cut} y1={0} y2={height} /> : null}
      </svg>
      <p className="lengths-axis small quiet" aria-hidden>
        <span>0</span>
        <span>
          {format.count(span)} {t('lengths.axis')}
        </span>
      </p>
      <p className="small quiet">
        {runOn(
          t('lengths.summary', { median: format.count(median), longest: format.count(longest) }),
          Number.isNaN(max)
            ? ''
            : truncatedShare > 0
              ? t('lengths.cut', { share: truncatedShare < 0.01 ? '< 1%' : format.share(truncatedShare), max })
              : t('lengths.uncut', { max }),
        )}
      </p>
    </figure>
  );
}
