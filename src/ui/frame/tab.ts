/** What the browser's tab and the installed app's icon show: how far a run is, and that it ended while nobody looked. */
import i18next from 'i18next';
import { isActive, type RunState } from '../../store/run.ts';
import { preferences } from '../preferences.ts';
import { store } from '../session.ts';

/** How a run ended that was left alone; null while the page is in sight. */
type End = 'done' | 'failed' | null;

function titleOf(run: RunState, end: End, name: string): string {
  if (end) return `${i18next.t(`away.${end}`)} · ${name}`;
  if (!isActive(run)) return name;
  const share = run.totalSteps > 0 ? Math.floor((100 * run.step) / run.totalSteps) : 0;
  return `${share}% · ${name}`;
}

/** Keeps the title at the run. A run that ends in a hidden tab leaves a mark there until the tab is looked at. */
export function titleProgress(name: string): void {
  let end: End = null;
  const show = () => {
    const title = titleOf(store.getState().run, end, name);
    if (document.title !== title) document.title = title;
  };
  store.subscribe(({ run }, before) => {
    if (isActive(before.run) && !isActive(run) && run.phase !== 'idle' && document.hidden) {
      end = run.phase === 'failed' ? 'failed' : 'done';
      void navigator.setAppBadge?.().catch(() => {}); // pages that are not installed have no icon to mark
    }
    if (isActive(run)) end = null;
    show();
  });
  preferences.subscribe(show);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || !end) return;
    end = null;
    void navigator.clearAppBadge?.().catch(() => {}); // as above
    show();
  });
}
