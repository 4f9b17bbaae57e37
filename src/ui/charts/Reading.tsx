/** The values under the pointer, in a small panel. */
import type { ReactNode } from 'react';

export function Reading({
  title,
  rows,
}: {
  title: string;
  rows: readonly (readonly [name: string, value: ReactNode])[];
}) {
  return (
    <div className="reading">
      <p className="quiet">{title}</p>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
