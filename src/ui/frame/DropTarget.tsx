/** Takes files and folders dropped, or files pasted, anywhere on the page, and text pasted outside of a field. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { filesUnder } from '../../store/folder.ts';
import { pastedFile } from '../../store/intake.ts';
import { isActive } from '../../store/run.ts';
import { actions, store } from '../session.ts';

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

function inField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/** Whether a field there takes files for itself. */
const isTaken = ({ target }: DragEvent) => target instanceof Element && target.closest('[data-takes-files]') !== null;

/** The files of a drop, those in folders too. What is dropped must be taken hold of before the first wait. */
async function droppedFiles(transfer: DataTransfer | null): Promise<File[]> {
  const files = [...(transfer?.files ?? [])];
  const entries = [...(transfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (!entries.some(({ isDirectory }) => isDirectory)) return files;
  return filesUnder(entries).catch(() => files); // a folder that cannot be walked is told of as the file it is not
}

export function DropTarget() {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);

  useEffect(() => {
    const drag = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(!isTaken(event) && !isActive(store.getState().run));
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(false);
      if (isTaken(event)) return;
      void droppedFiles(event.dataTransfer).then((files) => {
        if (files.length > 0) actions.takeFiles(files);
      });
    };
    const paste = (event: ClipboardEvent) => {
      if (inField(event.target) || document.querySelector('[role="dialog"]:not([data-beside])')) return;
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
