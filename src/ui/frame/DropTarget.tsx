/** Takes files dropped or pasted anywhere on the page, and text pasted outside of a field. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pastedFile } from '../../store/intake.ts';
import { isActive } from '../../store/run.ts';
import { actions, store } from '../session.ts';

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

function inField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

export function DropTarget() {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);

  useEffect(() => {
    const drag = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(!isActive(store.getState().run));
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) actions.takeFiles(files);
    };
    const paste = (event: ClipboardEvent) => {
      if (inField(event.target) || document.querySelector('[role="dialog"]')) return;
      const files = [...(event.clipboardData?.files ?? [])];
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (files.length > 0) actions.takeFiles(files);
      else if (text.trim() !== '') actions.takeFiles([pastedFile(text)]);
    };
    const aborter = new AbortController();
    const { signal } = aborter;
    window.addEventListener('dragover', drag, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('drop', drop, { signal });
    window.addEventListener('paste', paste, { signal });
    return () => aborter.abort();
  }, []);

  return over ? (
    <div className="drop-veil" aria-hidden>
      <p>{t('intake.over')}</p>
    </div>
  ) : null;
}
