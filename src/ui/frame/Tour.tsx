/**
 * The tour of a minute: a note that goes from part to part of the page, each in its place. The page stays usable beside it;
 * Escape or Skip ends it, and it does not come again by itself.
 */
import './help.css';
import { useEffect, useRef, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Popover } from 'react-aria-components/Popover';
import { useTranslation } from 'react-i18next';
import { Button } from '../controls/Button.tsx';
import { openHelp } from './help.ts';

/** The stops, each with the elements it may stand beside: the first that is on the page. */
const stops = [
  { name: 'welcome', at: ['.runbar-buttons'], placement: 'top end' },
  { name: 'data', at: ['.welcome-sample .button', '.rail [href="#data"]'], placement: 'bottom start' },
  { name: 'steps', at: ['.rail [href="#model"]'], placement: 'right top' },
  { name: 'train', at: ['.runbar-buttons'], placement: 'top end' },
  { name: 'device', at: ['[data-testid=backend]'], placement: 'bottom end' },
  { name: 'again', at: ['[data-tour=help]'], placement: 'bottom end' },
] as const;

export function Tour() {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const stop = stops[at] ?? stops[0];
  const anchor = useRef<Element | null>(null);
  anchor.current = stop.at.map((selector) => document.querySelector(selector)).find((found) => found !== null) ?? null;
  useEffect(() => {
    anchor.current?.scrollIntoView({ block: 'nearest' });
    // A note beside the page is placed anew when the window changes, but not when its anchor is scrolled.
    const follow = () => window.dispatchEvent(new Event('resize'));
    const leave = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') openHelp(null);
    };
    window.addEventListener('scroll', follow, { capture: true, passive: true });
    window.addEventListener('keydown', leave, { capture: true }); // the note itself keeps Escape to itself
    return () => {
      window.removeEventListener('scroll', follow, { capture: true });
      window.removeEventListener('keydown', leave, { capture: true });
    };
  });
  const isLast = at === stops.length - 1;
  const end = () => openHelp(null);
  return (
    // Scrolling would close it, too, so that only its buttons and Escape do.
    <Popover key={stop.name} className="popover tour" triggerRef={anchor} placement={stop.placement} isOpen isNonModal>
      <Dialog className="tour-stop" data-beside data-testid="tour">
        <Heading slot="title">{t(`tour.${stop.name}.title`)}</Heading>
        <p>{t(`tour.${stop.name}.text`)}</p>
        <div className="tour-buttons">
          <span className="quiet small">{t('tour.at', { at: at + 1, of: stops.length })}</span>
          {isLast ? null : (
            <Button kind="plain" onPress={end}>
              {t('tour.skip')}
            </Button>
          )}
          {at > 0 ? <Button onPress={() => setAt(at - 1)}>{t('tour.back')}</Button> : null}
          <Button kind="primary" autoFocus onPress={() => (isLast ? end() : setAt(at + 1))}>
            {t(isLast ? 'tour.done' : 'tour.next')}
          </Button>
        </div>
      </Dialog>
    </Popover>
  );
}
