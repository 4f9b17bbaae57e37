/** What surrounds a chart: title, a word on what it shows, its latest value, its menu, its legend; or all as a table. */
import { type ReactNode, useRef, useState } from 'react';
import { ChartMenu } from './ChartMenu.tsx';
import { ChartTable, type TableView } from './ChartTable.tsx';

/** What a chart hands out of itself. */
export type ChartData = {
  /** Start of the names of its files: run and chart. */
  file: string;
  csv: () => string;
  /** Null where the chart is a table already. */
  table: (() => TableView) | null;
};

type Props = {
  title: string;
  /** Stands in the title's place where the chart shows one of several things. */
  choice?: ReactNode;
  help?: string;
  value?: ReactNode;
  legend?: ReactNode;
  testid: string;
  /** Null while there is nothing to hand out. */
  data: ChartData | null;
  children: ReactNode;
};

export function ChartFrame({ title, choice, help, value, legend, testid, data, children }: Props) {
  const figure = useRef<HTMLElement>(null);
  const [tabular, setTabular] = useState(false);
  const table = tabular ? (data?.table?.() ?? null) : null;
  return (
    <figure ref={figure} className="chart card" data-testid={testid} aria-label={title}>
      <figcaption className="chart-head">
        <h3>{choice ?? title}</h3>
        {help ? <p className="quiet small">{help}</p> : null}
        {value ? <p className="chart-value">{value}</p> : null}
        {data ? (
          <ChartMenu
            title={title}
            data={data}
            figure={figure}
            tabular={tabular}
            onTable={data.table ? () => setTabular(!tabular) : null}
          />
        ) : null}
      </figcaption>
      {table ? <ChartTable title={title} {...table} /> : children}
      {legend && !table ? <ul className="chart-legend small">{legend}</ul> : null}
    </figure>
  );
}
