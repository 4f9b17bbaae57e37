/** A list of sentences; of the chosen one, its nearest neighbours before training and now. */
import { useState } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { useTranslation } from 'react-i18next';
import { rankHits } from '../../store/try/hits.ts';
import { linesOf } from '../../store/try/lines.ts';
import { tryObstacle, weightsMark } from '../../store/try/state.ts';
import { actions, useStudio } from '../session.ts';
import { AskBar, Stale } from './AskBar.tsx';
import { Hits } from './Hits.tsx';
import { LabelChoice } from './LabelChoice.tsx';
import { LinesField } from './LinesField.tsx';

/** Sentences to choose from; more of them are neighbours, but are not listed. */
const mostListed = 200;
const top = 10;

export function NeighboursTab() {
  const { t } = useTranslation();
  const text = useStudio((state) => state.trial.list);
  const found = useStudio((state) => state.trial.neighbours);
  const blocked = useStudio((state) => tryObstacle(state) !== null || state.trial.busy !== null);
  const mark = useStudio(weightsMark);
  const [column, setColumn] = useState(0);
  const { lines } = linesOf(text);
  const listed = lines.slice(0, mostListed);
  const missing = lines.length < 2 ? t('try.needList') : null;
  const query = found?.query ?? null;
  const same = found?.texts.length === lines.length && found.texts.every((line, i) => line === lines[i]);
  return (
    <div className="two">
      <div className="card">
        <LinesField part="list" label={t('try.list')} rows={10} />
        <AskBar
          tab="neighbours"
          label={t('try.findNeighbours')}
          missing={missing}
          onAsk={() => actions.findNeighbours(query !== null && lines.includes(query) ? query : lines[0]!)}
        />
      </div>
      {found ? (
        <div className="card" data-testid="neighbours">
          <p className="small quiet" id="neighbours-of">
            {t('try.neighboursOf')}
          </p>
          <ListBox
            className="choose"
            aria-labelledby="neighbours-of"
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={query === null ? [] : [query]}
            onSelectionChange={(keys) => {
              const [key] = keys === 'all' ? [] : [...keys];
              if (typeof key === 'string' && !blocked) void actions.findNeighbours(key);
            }}
          >
            {listed.map((line) => (
              <ListBoxItem key={line} id={line} textValue={line} className="choose-item">
                {line}
              </ListBoxItem>
            ))}
          </ListBox>
          {found.ranking.labels ? (
            <LabelChoice labels={found.ranking.labels} value={column} onChange={setColumn} />
          ) : null}
          <div data-stale={!same || found.at !== mark || undefined} aria-live="polite">
            <Hits hits={rankHits(found, column)} top={top} />
          </div>
          <Stale of={!same || found.at !== mark} />
        </div>
      ) : null}
    </div>
  );
}
