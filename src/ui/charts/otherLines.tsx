/** The lines of the runs that are laid over the current one, in their own styles. */
import { Line } from 'recharts';
import type { ShownRun } from '../../store/overlays.ts';
import { still } from './axes.ts';
import { styleOfRun } from './runStyle.ts';

/** @param lines the points of each run, the current one first; `dataKey` names their value */
export function otherLines(lines: readonly object[][], runs: readonly ShownRun[], dataKey: string) {
  return lines.slice(1).map((points, i) => {
    const { stroke, dash } = styleOfRun(i + 1);
    return (
      <Line
        key={runs[i + 1]!.id}
        {...still}
        data={points}
        dataKey={dataKey}
        stroke={stroke}
        strokeDasharray={dash}
        strokeWidth={1.5}
      />
    );
  });
}
