/** The matrix drawn up to three times with one cell in view, what that cell says in words, and all of it as a table. */
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SimilarityMatrix } from '../../contract/trials.ts';
import { describeMatrix, differenceOf } from '../../store/try/matrix.ts';
import { fixed } from '../format.ts';
import { useFormat } from '../language.ts';
import { useStudio } from '../session.ts';
import { type Cell, HeatMap, type Scale } from './HeatMap.tsx';
import { MatrixTable } from './MatrixTable.tsx';
import { ScaleBar } from './ScaleBar.tsx';

const moves: Record<string, readonly [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export function MatrixView({ matrix: { pairs, before, now } }: { matrix: SimilarityMatrix }) {
  const { t } = useTranslation();
  const format = useFormat();
  const trained = useStudio((state) => state.model.trainedBy !== null);
  const [cell, setCell] = useState<Cell | null>(null);
  const n = pairs.length;
  const { difference, level, change } = useMemo(() => {
    const difference = differenceOf(before, now);
    const all = [...before, ...now];
    const low = Math.min(...all);
    const level: Scale = { kind: 'one', low, high: Math.max(...all, low + 1e-6) };
    const change: Scale = { kind: 'two', most: Math.max(1e-6, ...difference.map(Math.abs)) };
    return { difference, level, change };
  }, [before, now]);
  const views = [
    ...(trained ? [{ key: 'before', values: before, scale: level } as const] : []),
    { key: 'now', values: now, scale: level } as const,
    ...(trained ? [{ key: 'difference', values: difference, scale: change } as const] : []),
  ];
  const walk = (event: KeyboardEvent) => {
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const clamp = (at: number) => Math.max(0, Math.min(n - 1, at));
    setCell(cell ? { row: clamp(cell.row + move[0]), column: clamp(cell.column + move[1]) } : { row: 0, column: 0 });
  };
  const at = cell && cell.row < n && cell.column < n ? cell.row * n + cell.column : null;
  return (
    <div className="matrix">
      <div
        className="heats"
        data-columns={views.length}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys walk through the cells
        tabIndex={0}
        aria-label={t('try.matrixKeys')}
        onKeyDown={walk}
      >
        {views.map(({ key, values, scale }) => (
          <figure key={key}>
            <figcaption>{t(`try.${key}`)}</figcaption>
            <HeatMap name={t(`try.${key}`)} n={n} values={values} scale={scale} cell={cell} onPoint={setCell} />
            <ScaleBar scale={scale} />
            {key === 'difference' ? null : <Summary values={values} />}
          </figure>
        ))}
      </div>
      <div className="reading-pane" aria-live="polite" data-testid="matrix-cell">
        {cell && at !== null ? (
          <>
            <p>
              <span className="number quiet small">{format.count(cell.row + 1)}</span> {pairs[cell.row]!.first}
            </p>
            <p>
              <span className="number quiet small">{format.count(cell.column + 1)}</span> {pairs[cell.column]!.second}
            </p>
            <p className="number-line">
              {trained ? `${t('try.before')} ${fixed(before[at], 3)} · ` : ''}
              {`${t('try.now')} ${fixed(now[at], 3)}`}
              {cell.row === cell.column ? ` · ${t('try.aPair')}` : ''}
            </p>
          </>
        ) : (
          <p className="quiet">{t('try.matrixPoint')}</p>
        )}
      </div>
      <MatrixTable pairs={pairs} views={views} />
    </div>
  );
}

function Summary({ values }: { values: Float32Array }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { own, others, found } = describeMatrix(values);
  const n = Math.round(Math.sqrt(values.length));
  return (
    <p className="small">
      {t('try.matrixSummary', {
        own: fixed(own, 3),
        others: fixed(others, 3),
        found: format.count(found),
        n: format.count(n),
      })}
    </p>
  );
}
