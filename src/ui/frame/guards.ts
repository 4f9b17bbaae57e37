/** Ties the page's address and its closing to the studio. */
import { isActive } from '../../store/run.ts';
import { steps, type View } from '../../store/state.ts';
import { actions, store } from '../session.ts';

/** Asks before the page is left during a run. */
export function guardLeaving(): void {
  window.addEventListener('beforeunload', (event) => {
    if (isActive(store.getState().run)) event.preventDefault();
  });
}

/** Keeps the step in the address after `#`, so that the browser's back button walks the steps. */
export function followAddress(): void {
  const stepInAddress = (): View | undefined =>
    location.hash === '' ? 'data' : ([...steps, 'runs'] as const).find((view) => `#${view}` === location.hash);
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

/** Takes over the configuration that the page's address holds. */
export function openLink(): void {
  void actions.openLink(new URLSearchParams(location.search));
}
