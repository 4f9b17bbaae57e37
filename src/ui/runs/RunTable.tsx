/** The runs of this device in a table: search, sort, select, and what can be done with those selected. */
import './runs.css';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { findRuns, type RunColumn, sortRuns } from '../../store/runs/table.ts';
import { Button } from '../controls/Button.tsx';
import { ProblemNote } from '../controls/ProblemNote.tsx';
import { actions, useStudio } from '../session.ts';
import { ProjectFile } from './ProjectFile.tsx';
import { RunDiff } from './RunDiff.tsx';
import { RunRow } from './RunRow.tsx';
import { Sweep } from './Sweep.tsx';

const columns = ['name', 'result', 'status', 'objective', 'model', 'data', 'seconds', 'createdAt'] as const;

/** What stands at the right of its column. */
const numeric: ReadonlySet<RunColumn> = new Set(['result', 'seconds', 'createdAt']);

export function RunTable() {
  const { t } = useTranslation();
  const { entries, removed, restoring, order } = useStudio((state) => state.runs);
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const shown = sortRuns(findRuns(entries, search), order);
  const selected = shown.filter(({ id }) => chosen.has(id));
  const select = (id: string, taken: boolean) =>
    setChosen((before) => new Set(taken ? [...before, id] : [...before].filter((each) => each !== id)));
  const turn = (by: RunColumn) =>
    actions.sortBy({ by, descending: order.by === by ? !order.descending : numeric.has(by) });

  return (
    <>
      <ProblemNote place="runs" />
      {restoring ? (
        <p className="quiet" role="status">
          {t('runs.restoring')}
        </p>
      ) : null}
      <Sweep />
      <div className="runs-bar">
        <input
          type="search"
          className="field-input runs-search"
          data-kind="words"
          aria-label={t('runs.search')}
          placeholder={t('runs.search')}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        {selected.length > 0 ? (
          <>
            <span className="quiet">{t('runs.selected', { count: selected.length })}</span>
            <Button kind="plain" onPress={() => setChosen(new Set())}>
              {t('runs.clear')}
            </Button>
            <Button onPress={() => void actions.removeRuns(selected.map(({ id }) => id))}>{t('runs.delete')}</Button>
          </>
        ) : null}
        {removed.length > 0 ? (
          <p className="runs-undo" role="status">
            {t('runs.removed', { count: removed.length })}
            <Button kind="plain" onPress={() => void actions.restoreRuns()}>
              {t('runs.undo')}
            </Button>
          </p>
        ) : null}
      </div>
      {entries.length === 0 ? <p className="quiet">{t('runs.empty')}</p> : null}
      {entries.length > 0 && shown.length === 0 ? <p className="quiet">{t('runs.none')}</p> : null}
      {shown.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <section className="runs-table" tabIndex={0} aria-label={t('runs.table')} data-testid="runs-table">
          <table>
            <thead>
              <tr>
                <td />
                {columns.map((by) => (
                  <th
                    key={by}
                    scope="col"
                    className={numeric.has(by) ? 'number' : undefined}
                    aria-sort={order.by !== by ? 'none' : order.descending ? 'descending' : 'ascending'}
                  >
                    <button type="button" className="runs-sort" onClick={() => turn(by)}>
                      {t(`runs.column.${by}`)}
                      <SortMark active={order.by === by} descending={order.descending} />
                    </button>
                  </th>
                ))}
                <td />
              </tr>
            </thead>
            <tbody>
              {shown.map((run) => (
                <RunRow key={run.id} run={run} selected={chosen.has(run.id)} onSelect={select} />
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      <ProjectFile runs={selected.length > 0 ? selected : entries} />
      {selected.length > 1 ? <RunDiff runs={selected} /> : null}
    </>
  );
}

function SortMark({ active, descending }: { active: boolean; descending: boolean }) {
  const Arrow = descending ? ArrowDown : ArrowUp;
  return <Arrow size={12} aria-hidden opacity={active ? 1 : 0} />;
}
