/** Mounts the app, nothing else. */
import '@fontsource-variable/inter/wght.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/frame/frame.css';
import './ui/frame/header.css';
import './ui/frame/rail.css';
import './ui/frame/runbar.css';
import './ui/controls/controls.css';
import './ui/controls/switches.css';
import './ui/controls/overlay.css';
import './ui/panels.css';
import './ui/report.css';
import { StrictMode } from 'react';
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
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
workOffline();
