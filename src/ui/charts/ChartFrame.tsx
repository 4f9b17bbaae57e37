/** What surrounds a chart: title, a word on what it shows, its latest value, its legend. */
import type { ReactNode } from 'react';

type Props = {
  title: string;
  help?: string;
  value?: ReactNode;
  legend?: ReactNode;
  testid: string;
  children: ReactNode;
};

export function ChartFrame({ title, help, value, legend, testid, children }: Props) {
  return (
    <figure className="chart card" data-testid={testid} aria-label={title}>
      <figcaption className="chart-head">
        <h3>{title}</h3>
        {help ? <p className="quiet small">{help}</p> : null}
        {value ? <p className="chart-value">{value}</p> : null}
      </figcaption>
      {children}
      {legend ? <ul className="chart-legend small">{legend}</ul> : null}
    </figure>
  );
}

/** One entry of a legend: a sign in the colour and manner of its curve. */
export function LegendEntry({ kind, children }: { kind: string; children: ReactNode }) {
  return (
    <li>
      <span className="swatch" data-kind={kind} aria-hidden />
      {children}
    </li>
  );
}
