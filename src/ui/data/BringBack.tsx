/** Undoes the removal of a table. */
import { Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Slot } from '../../contract/data.ts';
import { Button } from '../controls/Button.tsx';
import { actions, useStudio } from '../session.ts';

export function BringBack({ slot }: { slot: Slot }) {
  const { t } = useTranslation();
  const file = useStudio((state) => state.slots[slot].removed?.file);
  const reading = useStudio((state) => state.slots[slot].reading);
  if (!file) return null;
  return (
    <Button kind="plain" isDisabled={reading} onPress={() => void actions.restoreData(slot)}>
      <Undo2 size={14} aria-hidden />
      {t('data.bringBack', { file: file.name })}
    </Button>
  );
}
