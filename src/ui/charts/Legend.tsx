/** The signs of a legend, drawn as the curves are; a picture of the chart takes them over. */
import type { ReactNode } from 'react';
import { styleOfRun } from './runStyle.ts';

type Kind = 'raw' | 'smooth' | 'untrained' | 'best' | 'bestStep' | 'early' | 'positive' | 'negative' | 'ghost';

const line = 'M0 6H16';
const box = 'M2 1H14V11H2Z';
const shapes: Partial<Record<Kind, string>> = {
  best: 'M4 6a4 4 0 1 0 8 0a4 4 0 1 0-8 0',
  positive: box,
  negative: box,
  bestStep: 'M8 0V12',
  early: 'M8 0V12',
};

/** One entry: a sign in the colour and manner of its curve. */
export function LegendEntry({ kind, children }: { kind: Kind; children: ReactNode }) {
  return (
    <li>
      <svg className="swatch" data-kind={kind} viewBox="0 0 16 12" width={16} height={12} aria-hidden>
        <path d={shapes[kind] ?? line} />
      </svg>
      <span>{children}</span>
    </li>
  );
}

/** The line of the run at `place` of those shown. */
export function RunSign({ place }: { place: number }) {
  const { stroke, dash } = styleOfRun(place);
  return (
    <svg
      className="swatch"
      viewBox="0 0 16 12"
      width={16}
      height={12}
      aria-hidden
      style={{ stroke, strokeDasharray: dash }}
    >
      <path d={line} />
    </svg>
  );
}

/** One entry a run, where there is more than one. */
export function RunEntries({ runs }: { runs: readonly { id: string; name: string }[] }) {
  if (runs.length < 2) return null;
  return runs.map(({ id, name }, place) => (
    <li key={id}>
      <RunSign place={place} />
      <span className="run-name">{name}</span>
    </li>
  ));
}
