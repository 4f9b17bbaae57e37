/** Ties the page's address and its closing to the studio. */
import { isActive } from '../../store/run.ts';
import { type Step, steps } from '../../store/state.ts';
import { actions, store } from '../session.ts';

/** Asks before the page is left during a run. */
export function guardLeaving(): void {
  window.addEventListener('beforeunload', (event) => {
    if (isActive(store.getState().run)) event.preventDefault();
  });
}

/** Keeps the step in the address after `#`, so that the browser's back button walks the steps. */
export function followAddress(): void {
  const stepInAddress = (): Step | undefined =>
    location.hash === '' ? 'data' : steps.find((step) => `#${step}` === location.hash);
  const follow = () => {
    const step = stepInAddress();
    if (step) actions.show(step);
  };
  follow();
  window.addEventListener('hashchange', follow);
  store.subscribe(({ view }, before) => {
    if (view === before.view) return;
    if (stepInAddress() !== view) history.pushState(null, '', `#${view}`);
    window.scrollTo(0, 0);
  });
}

/** Shows in the browser's tab how far a run is. */
export function titleProgress(name: string): void {
  store.subscribe(({ run }) => {
    const share = run.totalSteps > 0 ? Math.floor((100 * run.step) / run.totalSteps) : 0;
    const title = isActive(run) ? `${share}% · ${name}` : name;
    if (document.title !== title) document.title = title;
  });
}
