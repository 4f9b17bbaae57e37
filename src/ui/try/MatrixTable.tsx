/** The matrix as a table, for those who read it by number. It is made when it is opened. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SamplePair } from '../../contract/trials.ts';
import { Choice } from '../controls/Choice.tsx';
import { fixed } from '../format.ts';

type Props = {
  pairs: readonly SamplePair[];
  views: readonly { key: 'before' | 'now' | 'difference'; values: Float32Array }[];
};

export function MatrixTable({ pairs, views }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<string>('now');
  const { values } = views.find(({ key }) => key === chosen) ?? views[0]!;
  const n = pairs.length;
  return (
    <details className="fold" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('try.asTable')}</summary>
      {open ? (
        <div className="matrix-table">
          {views.length > 1 ? (
            <Choice
              aria-label={t('try.asTable')}
              options={views.map(({ key }) => [key, t(`try.${key}`)] as const)}
              value={chosen}
              onChange={setChosen}
            />
          ) : null}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
          <section className="preview" tabIndex={0} aria-label={t('try.asTable')}>
            <table data-testid="matrix-table">
              <thead>
                <tr>
                  <th scope="col">{t('try.matrixCorner')}</th>
                  {pairs.map(({ second }, i) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the same text may stand in the data twice
                    <th key={i} scope="col" className="number" title={second}>
                      {i + 1}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {pairs.map(({ first }, row) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  <tr key={row}>
                    <th scope="row">
                      {row + 1} {first}
                    </th>
                    {Array.from(values.subarray(row * n, (row + 1) * n), (value, column) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: as above
                      <td key={column} className="number" data-own={row === column || undefined}>
                        {fixed(value, 2)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </div>
      ) : null}
    </details>
  );
}
