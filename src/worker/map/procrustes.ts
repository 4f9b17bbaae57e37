/**
 * Turns, mirrors, scales and moves points of a plane so that they lie as near as possible to others (ordinary Procrustes
 * analysis, Gower 1975), so that one picture after the other can be compared. In the plane, with both clouds centred:
 * the best rotation's angle is atan2(Σ x·v − y·u, Σ x·u + y·v), the scale |Σ| / Σ(x² + y²); mirrored, the same of (x, −y).
 */

/**
 * @param moving `[points · 2]`
 * @param fixed `[points · 2]`
 * @returns `moving` as it lies then
 */
export function alignTo(moving: Float32Array, fixed: Float32Array): Float32Array {
  const count = moving.length / 2;
  const centreOf = (points: Float32Array, axis: 0 | 1) => {
    let sum = 0;
    for (let i = axis; i < points.length; i += 2) sum += points[i]!;
    return sum / count;
  };
  const [mx, my, fx, fy] = [centreOf(moving, 0), centreOf(moving, 1), centreOf(fixed, 0), centreOf(fixed, 1)];
  let [xu, yv, xv, yu, squares] = [0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [x, y] = [moving[2 * i]! - mx, moving[2 * i + 1]! - my];
    const [u, v] = [fixed[2 * i]! - fx, fixed[2 * i + 1]! - fy];
    xu += x * u;
    yv += y * v;
    xv += x * v;
    yu += y * u;
    squares += x * x + y * y;
  }
  const turned = Math.hypot(xu + yv, xv - yu);
  const mirrored = Math.hypot(xu - yv, xv + yu);
  const mirror = mirrored > turned ? -1 : 1;
  if (squares === 0) return Float32Array.from(moving, (_, i) => (i % 2 === 0 ? fx : fy));
  const cos = (xu + mirror * yv) / squares;
  const sin = (xv - mirror * yu) / squares;
  const aligned = new Float32Array(moving.length);
  for (let i = 0; i < count; i++) {
    const [x, y] = [moving[2 * i]! - mx, mirror * (moving[2 * i + 1]! - my)];
    aligned[2 * i] = cos * x - sin * y + fx;
    aligned[2 * i + 1] = sin * x + cos * y + fy;
  }
  return aligned;
}
