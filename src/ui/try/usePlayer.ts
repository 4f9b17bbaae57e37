/** Walks from one evaluation to the next by itself: smoothly, or from frame to frame where motion is unwelcome. */
import { useEffect, useState } from 'react';

/** Milliseconds from one frame to the next. */
const pace = 700;

export type Player = {
  /** Between 0 and the number of the last frame. */
  at: number;
  playing: boolean;
  show: (at: number) => void;
  toggle: () => void;
};

export function usePlayer(frames: number): Player {
  const last = frames - 1;
  const [at, setAt] = useState(last);
  const [playing, setPlaying] = useState(false);

  useEffect(() => {
    if (!playing) return;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      const timer = setInterval(() => setAt((before) => Math.min(last, Math.floor(before) + 1)), pace);
      return () => clearInterval(timer);
    }
    let request = 0;
    let before = performance.now();
    const move = (now: number) => {
      const share = (now - before) / pace;
      before = now;
      setAt((place) => Math.min(last, place + share));
      request = requestAnimationFrame(move);
    };
    request = requestAnimationFrame(move);
    return () => cancelAnimationFrame(request);
  }, [playing, last]);

  useEffect(() => {
    if (at >= last) setPlaying(false);
  }, [at, last]);

  return {
    at,
    playing,
    show: (next) => {
      setPlaying(false);
      setAt(next);
    },
    toggle: () => {
      if (!playing && at >= last) setAt(0);
      setPlaying(!playing && last > 0);
    },
  };
}
