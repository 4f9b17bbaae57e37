/** The page's one studio, and the hook through which components read it. */
import { useStore } from 'zustand';
import type { BackendName } from '../contract/run.ts';
import { openStudio } from '../store/open-studio.ts';
import type { Studio } from '../store/state.ts';
import { whenIdle } from './idle.ts';

const asked = new URLSearchParams(location.search).get('backend');
const backend: BackendName | null = asked === 'webgpu' || asked === 'wasm' ? asked : null;

/** The page is drawn before the device is started, which keeps a slow machine busy. */
export const { store, actions } = openStudio(backend, new Promise((start) => whenIdle(start)));

/** A part of the studio; the component draws again when it changes. */
export function useStudio<T>(select: (state: Studio) => T): T {
  return useStore(store, select);
}
