/**
 * Which evaluation is shown: the one that a slider chose, or the next one while it plays, or the one at the charts' shared
 * cursor; without any of these, the latest.
 */
import { useEffect, useState } from 'react';
import { type Evaluation, indexNearest } from '../../store/evaluations.ts';
import { useDrawnCursor } from './view.ts';

export type Walk = {
  index: number;
  playing: boolean;
  follows: boolean;
  /** The chosen step; null follows the latest. */
  choose: (step: number | null) => void;
  play: () => void;
  stop: () => void;
};

/** Milliseconds for a whole walk, and for one evaluation at least and at most. */
const pace = { whole: 12_000, least: 80, most: 700, reduced: 1000 };

export function useWalk(evaluations: readonly Evaluation[]): Walk {
  const [chosen, setChosen] = useState<number | null>(null);
  const [playing, setPlaying] = useState(false);
  const cursor = useDrawnCursor();
  const last = evaluations.length - 1;
  const asked = playing ? chosen : (cursor ?? chosen);
  const index = asked === null ? last : indexNearest(evaluations, asked);

  useEffect(() => {
    if (!playing) return;
    // Whoever wants little motion sees one picture after the other, slowly.
    const slow = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const rest = slow ? pace.reduced : Math.min(pace.most, Math.max(pace.least, pace.whole / Math.max(1, last)));
    const timer = setTimeout(() => {
      const next = evaluations[index + 1];
      setChosen(next && index + 1 < last ? next.step : null);
      if (index + 1 >= last) setPlaying(false);
    }, rest);
    return () => clearTimeout(timer);
  }, [playing, evaluations, index, last]);

  return {
    index,
    playing,
    follows: chosen === null,
    choose: (step) => {
      setPlaying(false);
      setChosen(step);
    },
    // From the start, where the end is reached.
    play: () => {
      if (index >= last) setChosen(evaluations[0]?.step ?? null);
      setPlaying(last > 0);
    },
    stop: () => setPlaying(false),
  };
}
