/** Of a classifier: the label by whose probability texts are ranked. */
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../controls/Choice.tsx';

type Props = { labels: readonly string[]; value: number; onChange: (column: number) => void };

export function LabelChoice({ labels, value, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <span className="by-label">
      <label htmlFor={id}>{t('try.byLabel')}</label>
      <Choice
        id={id}
        options={labels.map((label, i) => [String(i), label] as const)}
        value={String(value)}
        onChange={(next) => onChange(Number(next))}
      />
    </span>
  );
}
