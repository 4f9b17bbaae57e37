/** What is first: the styles of the page, and everything else once the first words have been painted. */
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
import './ui/data/welcome.css';

async function start(): Promise<void> {
  try {
    await import('./main.tsx');
  } catch (error) {
    document.documentElement.toggleAttribute('data-failed', true);
    throw error;
  }
}

// A page that is not shown is not painted.
if (document.hidden) void start();
else requestAnimationFrame(() => setTimeout(start));
