/** Tells by a notification of the system that a run has ended, where the user asked for it and looks elsewhere. */
import i18next from 'i18next';
import { metrics } from '../../contract/metrics.ts';
import { sayProblem } from '../../contract/problems.ts';
import { primaryValue } from '../../store/evaluations.ts';
import { isActive, type RunState } from '../../store/run.ts';
import { fixed } from '../format.ts';
import { type Language, preferences, setNotify } from '../preferences.ts';
import { store } from '../session.ts';

export const canNotify = (): boolean => 'Notification' in globalThis;

/** Asks the browser's permission, on a press alone. @returns whether notifications will come */
export async function askToNotify(): Promise<boolean> {
  const allowed = (await Notification.requestPermission()) === 'granted';
  setNotify(allowed);
  return allowed;
}

/** The run's end in a sentence. */
function sentenceOf({ problem, outcome }: RunState, language: Language): string {
  if (problem) return sayProblem(problem, language);
  if (!outcome) return '';
  const { before, after } = outcome;
  const [from, to] = [primaryValue(before), primaryValue(after)];
  if (from === null || to === null) return '';
  const values = { metric: metrics[after.primary].label[language], before: fixed(from, 3), after: fixed(to, 3) };
  return i18next.t('away.result', values);
}

async function show(title: string, body: string): Promise<void> {
  const options = { body, tag: 'run', icon: 'icons/icon-192.png' };
  const registration = await navigator.serviceWorker?.getRegistration();
  // Android shows notifications of service workers alone; elsewhere a press on the page's own brings the tab back.
  if (registration?.active && /Android/.test(navigator.userAgent)) return registration.showNotification(title, options);
  const notification = new Notification(title, options);
  notification.addEventListener('click', () => {
    window.focus();
    notification.close();
  });
}

export function notifyOfEnds(): void {
  store.subscribe(({ run }, before) => {
    const ended = isActive(before.run) && !isActive(run) && run.phase !== 'idle';
    const { notify, language } = preferences.getState();
    if (!ended || !notify || document.hasFocus() || !canNotify() || Notification.permission !== 'granted') return;
    const title = i18next.t(run.phase === 'failed' ? 'announce.failed' : 'announce.finished');
    void show(title, sentenceOf(run, language));
  });
}
