/** Mounts the app, nothing else. */
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './ui/App.tsx';
import { stayAwake } from './ui/frame/awake.ts';
import { followAddress, followLink, guardLeaving } from './ui/frame/guards.ts';
import { notifyOfEnds } from './ui/frame/notify.ts';
import { workOffline } from './ui/frame/offline.ts';
import { keepQueue } from './ui/frame/queue.ts';
import { listenForShortcuts } from './ui/frame/shortcuts.ts';
import { titleProgress } from './ui/frame/tab.ts';
import { startTranslations } from './ui/i18n.ts';
import { whenIdle } from './ui/idle.ts';
import { applyPreferences } from './ui/preferences.ts';

applyPreferences();
await startTranslations();
followAddress();
followLink();
guardLeaving();
titleProgress(document.title);
stayAwake();
notifyOfEnds();
listenForShortcuts();
keepQueue();
const root = createRoot(document.getElementById('root')!);
// The first words are there already: the rest is drawn in small pieces, and input goes first.
startTransition(() =>
  root.render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
whenIdle(workOffline);
