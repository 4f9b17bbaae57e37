/** What a run with these options would take of memory, in a quiet line. */
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { memoryNeed } from '../../store/memory.ts';
import { useFormat } from '../language.ts';
import { useStudio } from '../session.ts';

export function MemoryNeed() {
  const { t } = useTranslation();
  const format = useFormat();
  const need = useStudio(useShallow(memoryNeed));
  if (!need) return null;
  const { total, weights, gradients, optimizer, activations } = need;
  return (
    <p className="small quiet memory-need" data-testid="memory-need">
      {t('memory.need', {
        total: format.bytes(total),
        weights: format.bytes(weights),
        gradients: format.bytes(gradients),
        optimizer: format.bytes(optimizer),
        activations: format.bytes(activations),
      })}
    </p>
  );
}
