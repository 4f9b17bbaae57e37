/** A button that opens the system's file picker. */
import type { ReactNode } from 'react';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { Button } from './Button.tsx';

type Props = {
  children: ReactNode;
  accept: readonly string[];
  multiple?: boolean;
  kind?: 'primary' | 'secondary' | 'plain';
  size?: 'normal' | 'large';
  disabled?: boolean;
  onFiles: (files: File[]) => void;
};

/** The endings of data files, for `accept`. */
export const dataFiles = ['.csv', '.tsv', '.jsonl', '.ndjson', '.json', '.txt', 'text/plain', 'text/csv'];

export function FilePicker({ children, accept, multiple, kind, size, disabled, onFiles }: Props) {
  return (
    <FileTrigger
      acceptedFileTypes={accept}
      allowsMultiple={multiple}
      onSelect={(list) => {
        if (list && list.length > 0) onFiles([...list]);
      }}
    >
      <Button kind={kind} size={size} isDisabled={disabled}>
        {children}
      </Button>
    </FileTrigger>
  );
}
