/** A canvas as wide as its place and sharp on every screen, drawn again whenever its size or the drawing changes. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

/** `draw` gets the size in CSS pixels; its identity must change when the picture does. */
export function useCanvas(draw: (context: CanvasRenderingContext2D, width: number, height: number) => void) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });

  useEffect(() => {
    const found = canvas.current;
    if (!found) return;
    const observer = new ResizeObserver(() => {
      setSize({ width: found.clientWidth, height: found.clientHeight });
    });
    observer.observe(found);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const found = canvas.current;
    const context = found?.getContext('2d');
    if (!found || !context || size.width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (found.width !== width) found.width = width;
    if (found.height !== height) found.height = height;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    draw(context, size.width, size.height);
  }, [draw, size]);

  return canvas;
}
