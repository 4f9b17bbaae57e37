/** The pairs that the model judges worst, to be sorted and taken away. */
import { ArrowDown, ArrowUp, Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type PredictionColumn, sortPredictions } from '../../store/results.ts';
import { Button } from '../controls/Button.tsx';
import { saveFile } from '../controls/saveFile.ts';
import { fixed } from '../format.ts';
import { useFormat } from '../language.ts';
import { actions, useStudio } from '../session.ts';

const columns = ['gold', 'predicted', 'error'] as const satisfies PredictionColumn[];

export function WorstPairs() {
  const { t } = useTranslation();
  const format = useFormat();
  const runId = useStudio((state) => state.run.id);
  const predictions = useStudio((state) => state.predictions);
  const [order, setOrder] = useState<{ by: PredictionColumn; descending: boolean }>({ by: 'error', descending: true });
  useEffect(() => {
    if (runId) void actions.loadPredictions();
  }, [runId]);
  if (!predictions || predictions.runId !== runId || predictions.pairs.length === 0) return null;
  const turn = (by: PredictionColumn) =>
    setOrder((before) => ({ by, descending: before.by === by ? !before.descending : true }));
  const say = (value: number | string) => (typeof value === 'number' ? fixed(value, 3) : value);

  async function download() {
    const csv = await actions.predictionsCsv();
    if (csv) saveFile(csv, 'predictions.csv');
  }

  return (
    <div className="card worst-pairs" data-testid="worst-pairs">
      <div className="card-head">
        <h3 id="worst-pairs">{t('worst.title')}</h3>
        <p className="quiet">{t('worst.text', { count: predictions.pairs.length })}</p>
        <span className="spread">
          <Button onPress={download}>
            <Download size={14} aria-hidden />
            {t('worst.download')}
          </Button>
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="preview worst" tabIndex={0} aria-labelledby="worst-pairs">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('worst.first')}</th>
              <th scope="col">{t('worst.second')}</th>
              {columns.map((by) => (
                <th
                  key={by}
                  scope="col"
                  className="number"
                  aria-sort={order.by !== by ? 'none' : order.descending ? 'descending' : 'ascending'}
                >
                  <button type="button" className="sort" onClick={() => turn(by)}>
                    {t(`worst.${by}`)}
                    <SortMark active={order.by === by} descending={order.descending} />
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sortPredictions(predictions.pairs, order.by, order.descending).map((pair, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same pair may stand in the data twice
              <tr key={i}>
                <td>{pair.text1}</td>
                <td>{pair.text2}</td>
                <td className="number">{say(pair.gold)}</td>
                <td className="number">{say(pair.predicted)}</td>
                <td className="number">{fixed(pair.error, 3)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="unseen" aria-live="polite">
        {t('worst.sorted', { column: t(`worst.${order.by}`), rows: format.count(predictions.pairs.length) })}
      </p>
    </div>
  );
}

function SortMark({ active, descending }: { active: boolean; descending: boolean }) {
  const Arrow = descending ? ArrowDown : ArrowUp;
  return <Arrow size={12} aria-hidden opacity={active ? 1 : 0} />;
}
