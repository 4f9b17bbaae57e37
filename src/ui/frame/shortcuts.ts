/**
 * The page's keyboard shortcuts, as one table that the listener and the list under `?` share. They are single keys, so they
 * rest while a field or a dialog has the focus, and can be turned off (WCAG 2.1.4).
 */
import { obstacle } from '../../store/readiness.ts';
import { isActive } from '../../store/run.ts';
import { steps, type View } from '../../store/state.ts';
import { preferences, setLanguage, setTheme } from '../preferences.ts';
import { actions, store } from '../session.ts';
import { openHelp } from './help.ts';

/** Starts a run, or pauses and resumes the one in progress. */
function steer(): void {
  const state = store.getState();
  const { run } = state;
  if (run.asked) return;
  if (run.phase === 'running') void actions.pauseRun();
  else if (run.phase === 'paused') void actions.resumeRun();
  else if (!isActive(run) && obstacle(state) === null) void actions.startRun();
}

function walk(by: 1 | -1): void {
  const views: readonly View[] = steps;
  const next = steps[views.indexOf(store.getState().view) + by]; // from the table of runs, which is no step, the first
  if (next) actions.show(next);
}

function switchLanguage(): void {
  setLanguage(preferences.getState().language === 'zh' ? 'en' : 'zh');
}

function switchTheme(): void {
  setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
}

/** In the order of the list; `keys` are what the browser calls them. */
export const shortcuts = [
  { name: 'help', keys: ['?'], act: () => openHelp('shortcuts') },
  {
    name: 'step',
    keys: steps.map((_, i) => String(i + 1)),
    act: (key: string) => {
      const step = steps[Number(key) - 1];
      if (step) actions.show(step);
    },
  },
  { name: 'previous', keys: ['['], act: () => walk(-1) },
  { name: 'next', keys: [']'], act: () => walk(1) },
  { name: 'steer', keys: ['t'], act: steer },
  { name: 'language', keys: ['l'], act: switchLanguage },
  { name: 'theme', keys: ['d'], act: switchTheme },
] as const;

const typing =
  'input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], [role=textbox], [role=combobox], [role=listbox], [role=menu]';

/** Whether a key is meant for what has the focus, or for the browser. */
function isMeantElsewhere(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true;
  if (event.target instanceof Element && event.target.closest(typing)) return true;
  return document.querySelector('[role=dialog]:not([data-beside]), [role=alertdialog]') !== null;
}

export function listenForShortcuts(): void {
  window.addEventListener('keydown', (event) => {
    if (!preferences.getState().shortcuts || isMeantElsewhere(event)) return;
    const key = event.key.toLowerCase();
    const found = shortcuts.find(({ keys }) => (keys as readonly string[]).includes(key));
    if (!found) return;
    event.preventDefault();
    found.act(key);
  });
}
