/** The marks of points on a map: a label has a shape as well as a colour. */

const shapes = ['circle', 'square', 'triangle', 'diamond'] as const;

/** Fills the mark of a label's number around a place. */
export function drawMark(
  context: CanvasRenderingContext2D,
  number: number,
  x: number,
  y: number,
  radius: number,
): void {
  const shape = shapes[number % shapes.length]!;
  context.beginPath();
  if (shape === 'circle') context.arc(x, y, radius, 0, 2 * Math.PI);
  else if (shape === 'square') context.rect(x - radius * 0.9, y - radius * 0.9, 1.8 * radius, 1.8 * radius);
  else {
    const corners =
      shape === 'triangle'
        ? ([
            [0, -1.2],
            [1.1, 0.8],
            [-1.1, 0.8],
          ] as const)
        : ([
            [0, -1.3],
            [1.3, 0],
            [0, 1.3],
            [-1.3, 0],
          ] as const);
    for (const [dx, dy] of corners) context.lineTo(x + dx * radius, y + dy * radius);
    context.closePath();
  }
  context.fill();
}
