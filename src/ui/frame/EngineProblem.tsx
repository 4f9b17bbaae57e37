/** Says that there is no device to train on; it stays, as nothing can be trained until it is mended. */
import { CircleAlert } from 'lucide-react';
import { sayProblem } from '../../contract/problems.ts';
import { useLanguage } from '../language.ts';
import { useStudio } from '../session.ts';

export function EngineProblem() {
  const language = useLanguage();
  const problem = useStudio((state) => state.engine.problem);
  if (!problem) return null;
  return (
    <div className="note engine-problem" role="alert">
      <CircleAlert size={16} aria-hidden />
      <p>{sayProblem(problem, language)}</p>
    </div>
  );
}
