/** Zooming all charts of the page at once. */
import { shownRuns, spanOf } from '../../store/overlays.ts';
import { fitRange, moveRange, type Range, zoomRange } from '../../store/range.ts';
import { store } from '../session.ts';
import { look } from './view.ts';

/** Every step there is to see. */
function whole(): Range {
  const { run, overlays } = store.getState();
  return [0, spanOf(shownRuns(run, overlays))];
}

/** The steps that are asked for; a chart may not have been drawn for them yet. */
export const shown = (): Range => look.getState().range ?? whole();

/** Shows these steps. */
export function zoomTo(range: Range): void {
  look.setState({ range: fitRange(range, whole()) });
}

/** `factor` below 1 zooms in, around a step or the middle. */
export function zoomBy(factor: number, around = (shown()[0] + shown()[1]) / 2): void {
  look.setState({ range: zoomRange(shown(), factor, around, whole()) });
}

/** Moves what is shown by a share of its width. */
export function moveBy(share: number): void {
  look.setState({ range: moveRange(shown(), share, whole()) });
}

/** Shows all steps. */
export function zoomOut(): void {
  look.setState({ range: null });
}
