/** The values at one step, in a small panel. */
import type { ReactNode } from 'react';

export type ReadingRow = { name: string; value: string; sign?: ReactNode };

export function Reading({ title, rows }: { title: string; rows: readonly ReadingRow[] }) {
  return (
    <div className="reading">
      <p className="quiet">{title}</p>
      <dl>
        {rows.map(({ name, value, sign }) => (
          <div key={name}>
            <dt>
              {sign}
              {name}
            </dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
