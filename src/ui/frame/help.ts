/** Which of the page's helps is open: the list of shortcuts, or the tour. */
import { createStore } from 'zustand/vanilla';
import { preferences, setTourSeen } from '../preferences.ts';

type Help = { open: 'shortcuts' | 'tour' | null };

export const help = createStore<Help>(() => ({ open: preferences.getState().tourSeen ? null : 'tour' }));

export function openHelp(open: Help['open']): void {
  // Whatever takes its place, the tour has been seen.
  if (help.getState().open === 'tour') setTourSeen();
  help.setState({ open });
}
