/** Why a run cannot start on this data, beside the table to be mended. */
import { CircleAlert } from 'lucide-react';
import type { Slot } from '../../contract/data.ts';
import { sayProblem } from '../../contract/problems.ts';
import { useLanguage } from '../language.ts';
import { useStudio } from '../session.ts';

export function Blocked({ slot }: { slot: Slot }) {
  const language = useLanguage();
  const blocked = useStudio((state) => state.plan?.blocked ?? null);
  if (!blocked || (blocked.code === 'evaluation-unusable') !== (slot === 'evaluation')) return null;
  return (
    <div className="note" role="alert" data-testid={`blocked-${slot}`}>
      <CircleAlert size={16} aria-hidden />
      <p>{sayProblem(blocked, language)}</p>
    </div>
  );
}
