/**
 * Pointers on a plot: hovering moves the cursor; dragging a mouse or pen marks a range to zoom into, a finger moves the
 * cursor; two fingers, or the wheel with Ctrl (as trackpads tell a pinch), zoom; the wheel sideways moves; two clicks show all.
 */
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Range } from '../../store/range.ts';
import { cursor, look } from './view.ts';
import { moveBy, zoomBy, zoomOut, zoomTo } from './zoom.ts';

/** A drag that is shorter, in pixels, is a click. */
const shortest = 5;

/** @returns the steps that are being marked, in order; null while none are */
export function useGestures(plot: RefObject<HTMLElement | null>, range: Range): Range | null {
  const [marked, setMarked] = useState<Range | null>(null);
  const drawn = useRef(range);
  drawn.current = range;

  useEffect(() => {
    const element = plot.current;
    if (!element) return;
    const fingers = new Map<number, number>();
    let start: number | null = null;

    const shareAt = (x: number) => {
      const { left, width } = element.getBoundingClientRect();
      return Math.min(1, Math.max(0, (x - left) / width));
    };
    const stepAt = (x: number) => {
      const [from, to] = drawn.current;
      return from + shareAt(x) * (to - from);
    };
    const span = () => {
      const [a = 0, b = 0] = [...fingers.values()];
      return Math.max(1, Math.abs(a - b));
    };
    const mark = (x: number): Range | null =>
      start === null || Math.abs(x - start) < shortest
        ? null
        : [stepAt(Math.min(x, start)), stepAt(Math.max(x, start))];

    const press = (event: PointerEvent) => {
      if (event.pointerType === 'touch') fingers.set(event.pointerId, event.clientX);
      else if (event.button === 0) start = event.clientX;
      element.setPointerCapture(event.pointerId);
      cursor.setState({ step: Math.round(stepAt(event.clientX)) });
    };
    const move = (event: PointerEvent) => {
      if (fingers.size === 2 && fingers.has(event.pointerId)) {
        const before = span();
        fingers.set(event.pointerId, event.clientX);
        const [a = 0, b = 0] = [...fingers.values()];
        zoomBy(before / span(), stepAt((a + b) / 2));
        return;
      }
      cursor.setState({ step: Math.round(stepAt(event.clientX)) });
      if (start !== null) setMarked(mark(event.clientX));
    };
    const release = (event: PointerEvent) => {
      fingers.delete(event.pointerId);
      const chosen = event.type === 'pointerup' ? mark(event.clientX) : null;
      start = null;
      setMarked(null);
      if (chosen) zoomTo(chosen);
    };
    // What a finger has tapped stays, as it cannot hover.
    const leave = (event: PointerEvent) => {
      if (event.pointerType !== 'touch') cursor.setState({ step: null });
    };
    const wheel = (event: WheelEvent) => {
      const sideways = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
      if (event.ctrlKey || event.metaKey) zoomBy(Math.exp(event.deltaY / 200), stepAt(event.clientX));
      else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY) && look.getState().range)
        moveBy(sideways / element.clientWidth);
      else return;
      event.preventDefault();
    };

    const listeners = new AbortController();
    const options = { signal: listeners.signal };
    element.addEventListener('pointerdown', press, options);
    element.addEventListener('pointermove', move, options);
    element.addEventListener('pointerup', release, options);
    element.addEventListener('pointercancel', release, options);
    element.addEventListener('pointerleave', leave, options);
    element.addEventListener('dblclick', zoomOut, options);
    element.addEventListener('wheel', wheel, { ...options, passive: false });
    return () => listeners.abort();
  }, [plot]);

  return marked;
}
