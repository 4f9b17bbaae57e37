/** A field for sentences, one a line: typed, pasted, dropped as a file, or taken from the user's data. */
import { Database, Eraser, FileText } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { linesOf, mostLines } from '../../store/try/lines.ts';
import { Button } from '../controls/Button.tsx';
import { FilePicker } from '../controls/FilePicker.tsx';
import { useFormat } from '../language.ts';
import { actions, useStudio } from '../session.ts';

type Props = { part: 'list' | 'corpus'; label: string; rows: number };

export function LinesField({ part, label, rows }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const text = useStudio((state) => state.trial[part]);
  const hasData = useStudio((state) => state.slots.train.table !== null);
  const [over, setOver] = useState(false);
  const id = useId();
  const { lines, total } = linesOf(text);
  const put = (value: string) => actions.editTrial(part === 'list' ? { list: value } : { corpus: value });
  const read = async ([file]: readonly File[]) => {
    if (file) put(await file.text());
  };
  return (
    <div className="lines">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="field-text"
        rows={rows}
        value={text}
        placeholder={t('try.oneALine')}
        data-takes-files
        data-over={over || undefined}
        onChange={(event) => put(event.target.value)}
        onDragOver={() => setOver(true)}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          setOver(false);
          if (event.dataTransfer.files.length === 0) return;
          event.preventDefault();
          void read([...event.dataTransfer.files]);
        }}
      />
      <div className="lines-foot">
        {hasData ? (
          <Button kind="plain" onPress={() => actions.takeFromData(part)}>
            <Database size={14} aria-hidden />
            {t('try.takeData')}
          </Button>
        ) : null}
        <FilePicker kind="plain" accept={['.txt', 'text/plain']} onFiles={read}>
          <FileText size={14} aria-hidden />
          {t('try.takeFile')}
        </FilePicker>
        {text === '' ? null : (
          <Button kind="plain" onPress={() => put('')}>
            <Eraser size={14} aria-hidden />
            {t('try.clear')}
          </Button>
        )}
        <span className="quiet small lines-count">
          {total > lines.length
            ? t('try.tooMany', { total: format.count(total), most: format.count(mostLines) })
            : t('try.lines', { count: total, lines: format.count(total) })}
        </span>
      </div>
    </div>
  );
}
