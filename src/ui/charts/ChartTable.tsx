/** A chart as a table, for who reads it with a screen reader or wants the figures. */
import { useTranslation } from 'react-i18next';

export type TableView = { head: readonly string[]; rows: readonly (readonly string[])[] };

/** Rows of a table at most; longer curves are joined into that many. */
export const mostRows = 200;

export function ChartTable({ title, head, rows }: TableView & { title: string }) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by keyboard
    <section className="chart-table" aria-label={t('charts.table', { title })} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...cells]) => (
            <tr key={first}>
              <th scope="row">{first}</th>
              {cells.map((cell, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their places
                <td key={i}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
