/** The help of the page: the shortcuts and the tour behind one button, and whichever of them is open. */
import { CircleQuestionMark } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button } from '../controls/Button.tsx';
import { help, openHelp } from './help.ts';

const ShortcutsDialog = lazy(() => import('./ShortcutsDialog.tsx').then((file) => ({ default: file.ShortcutsDialog })));
const Tour = lazy(() => import('./Tour.tsx').then((file) => ({ default: file.Tour })));

export function HelpMenu() {
  const { t } = useTranslation();
  const open = useStore(help, (state) => state.open);
  return (
    <>
      <DialogTrigger>
        <Button kind="plain" icon aria-label={t('keys.help')} data-tour="help">
          <CircleQuestionMark size={16} aria-hidden />
        </Button>
        <Popover className="popover" placement="bottom end">
          <Dialog aria-label={t('keys.help')} className="help-menu">
            {({ close }) => (
              <>
                {(['tour', 'shortcuts'] as const).map((which) => (
                  <Button
                    key={which}
                    kind="plain"
                    onPress={() => {
                      close();
                      openHelp(which);
                    }}
                  >
                    {t(which === 'tour' ? 'tour.open' : 'keys.open')}
                  </Button>
                ))}
              </>
            )}
          </Dialog>
        </Popover>
      </DialogTrigger>
      <Suspense>
        {open === 'shortcuts' ? <ShortcutsDialog /> : null}
        {open === 'tour' ? <Tour /> : null}
      </Suspense>
    </>
  );
}
