/** Hue and line of each run in the charts: told apart by colour-blind eyes and without colour. */

type RunStyle = { stroke: string; dash: string | undefined };

const hues = 6;
/** One dash more or less than hues would pair them up the same way again and again. */
const dashes = ['7 3', '2 2', '10 3 2 3', '4 4', '1 3'];

/** The style of the run at `place` of those shown; the current run is at 0 and drawn in full. */
export function styleOfRun(place: number): RunStyle {
  if (place === 0) return { stroke: 'var(--accent)', dash: undefined };
  return { stroke: `var(--run-${((place - 1) % hues) + 1})`, dash: dashes[(place - 1) % dashes.length] };
}
