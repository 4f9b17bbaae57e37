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

/** Milliseconds; browsers refuse an address that changes with every key. */
const linkPace = 300;

/** Writes the configuration into the page's address. */
export function writeAddress(): void {
  const query = actions.linkQuery();
  const backend = new URLSearchParams(location.search).get('backend');
  if (backend) query.set('backend', backend);
  history.replaceState(null, '', `?${query}${location.hash}`);
}

/** Takes over the configuration that the page's address holds, and keeps the address true from the first change on. */
export function followLink(): void {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  void actions.openLink(new URLSearchParams(location.search), navigation?.type === 'reload');
  let due: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    clearTimeout(due);
    due = setTimeout(writeAddress, linkPace);
  };
  store.subscribe(({ drafts, model }, before) => {
    if (drafts !== before.drafts || model.source !== before.model.source) write();
  });
  // An earlier address may hold what has been changed since.
  window.addEventListener('popstate', () => {
    if (location.search) write();
  });
}
