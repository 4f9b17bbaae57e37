/** A few words that can be written over in place: kept on Enter and on leaving, given up on Escape. */
import { useState } from 'react';

type Props = {
  label: string;
  value: string;
  /** What stands there while there are none. */
  empty: string;
  onWrite: (text: string) => void;
};

export function Words({ label, value, empty, onWrite }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const finish = () => {
    if (draft !== null && draft.trim() !== value) onWrite(draft.trim());
    setDraft(null);
  };
  return (
    <input
      className="runs-words"
      aria-label={label}
      placeholder={empty}
      value={draft ?? value}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish();
        if (event.key === 'Escape') setDraft(null);
      }}
    />
  );
}
