/** A number with its name and unit, for use in a description list. */
import type { ReactNode } from 'react';

type Props = { name: string; children: ReactNode; unit?: string; note?: string; testid?: string };

export function Figure({ name, children, unit, note, testid }: Props) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd data-testid={testid}>
        {children}
        {unit ? <small> {unit}</small> : null}
      </dd>
      {note ? <dd className="figure-note">{note}</dd> : null}
    </div>
  );
}
