/** The keyboard shortcuts, and the switch that turns them off. */
import './help.css';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Switch } from 'react-aria-components/Switch';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button } from '../controls/Button.tsx';
import { preferences, setShortcuts } from '../preferences.ts';
import { openHelp } from './help.ts';
import { shortcuts } from './shortcuts.ts';

/** Keys as one reads them: a row of digits as its ends. */
function Keys({ keys }: { keys: readonly string[] }) {
  const shown = keys.length > 2 ? [keys[0] ?? '', keys.at(-1) ?? ''] : keys;
  return shown.map((key, i) => (
    <span key={key}>
      {i > 0 ? '–' : null}
      <kbd>{key.toUpperCase()}</kbd>
    </span>
  ));
}

export function ShortcutsDialog() {
  const { t } = useTranslation();
  const on = useStore(preferences, (state) => state.shortcuts);
  return (
    <ModalOverlay className="dialog-veil" isDismissable isOpen onOpenChange={() => openHelp(null)}>
      <Modal>
        <Dialog className="dialog">
          <Heading slot="title">{t('keys.title')}</Heading>
          <dl className="shortcuts">
            {shortcuts.map(({ name, keys }) => (
              <div key={name}>
                <dt>
                  <Keys keys={keys} />
                </dt>
                <dd>{t(`keys.${name}`)}</dd>
              </div>
            ))}
          </dl>
          <p className="quiet small">{t('keys.note')}</p>
          <Switch className="switch" isSelected={on} onChange={setShortcuts}>
            <span className="switch-track" />
            {t('keys.on')}
          </Switch>
          <div className="dialog-answers">
            <Button kind="primary" autoFocus onPress={() => openHelp(null)}>
              {t('keys.close')}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
