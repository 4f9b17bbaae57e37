/** Semantic search in the user's own texts: the best ten before training and now. A cross-encoder ranks them again by its score. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { rankHits } from '../../store/try/hits.ts';
import { linesOf } from '../../store/try/lines.ts';
import { weightsMark } from '../../store/try/state.ts';
import { actions, useStudio } from '../session.ts';
import { AskBar, Stale } from './AskBar.tsx';
import { Hits } from './Hits.tsx';
import { LabelChoice } from './LabelChoice.tsx';
import { LinesField } from './LinesField.tsx';

const top = 10;

export function SearchTab() {
  const { t } = useTranslation();
  const { corpus, query, hits } = useStudio((state) => state.trial);
  const mark = useStudio(weightsMark);
  const crossEncoder = useStudio(
    ({ model }) => (model.trainedBy ?? (model.summary?.labels ? 'cross-encoder' : '')) === 'cross-encoder',
  );
  const [column, setColumn] = useState(0);
  const filled = useMemo(() => linesOf(corpus, 1).total > 0, [corpus]);
  const ranked = useMemo(() => hits && rankHits({ ...hits, query: '' }, column), [hits, column]);
  const missing = !filled ? t('try.needCorpus') : query.trim() === '' ? t('try.needQuery') : null;
  const stale = hits !== null && (hits.query !== query.trim() || hits.at !== mark);
  return (
    <form
      className="two"
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing) void actions.search();
      }}
    >
      <div className="card">
        <LinesField part="corpus" label={t('try.corpus')} rows={10} />
      </div>
      <div className="card">
        <label className="trial-text">
          {t('try.query')}
          <input
            className="field-input"
            data-kind="words"
            type="search"
            value={query}
            onChange={(event) => actions.editTrial({ query: event.target.value })}
          />
        </label>
        <AskBar tab="search" label={t(crossEncoder ? 'try.rerank' : 'try.searchButton')} missing={missing} />
        <p className="quiet small">{t(crossEncoder ? 'try.rerankHelp' : 'try.searchHelp')}</p>
        {hits && ranked ? (
          <div data-testid="search">
            {hits.ranking.labels ? (
              <LabelChoice labels={hits.ranking.labels} value={column} onChange={setColumn} />
            ) : null}
            <div data-stale={stale || undefined} aria-live="polite">
              <Hits hits={ranked} top={top} />
            </div>
            <Stale of={stale} />
          </div>
        ) : null}
      </div>
    </form>
  );
}
