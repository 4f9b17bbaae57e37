/** A field to paste text into, for where there is no keyboard to press Ctrl + V on. */
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pastedFile } from '../../store/intake.ts';
import { Button } from '../controls/Button.tsx';
import { actions } from '../session.ts';

export function PasteText() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const id = useId();
  return (
    <>
      <Button aria-expanded={open} aria-controls={id} onPress={() => setOpen(!open)}>
        {t('welcome.paste')}
      </Button>
      <div className="paste" id={id} hidden={!open}>
        <label htmlFor={`${id}-text`}>{t('paste.label')}</label>
        <textarea
          id={`${id}-text`}
          className="field-text"
          rows={6}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button kind="primary" isDisabled={text.trim() === ''} onPress={() => actions.takeFiles([pastedFile(text)])}>
          {t('paste.use')}
        </Button>
      </div>
    </>
  );
}
