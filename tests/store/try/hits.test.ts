/** Rankings as they are read: places, what rose and what fell, lines, matrices and maps. */
import { describe, expect, it, test } from 'vitest';
import { movers, rankHits } from '../../../src/store/try/hits.ts';
import { linesOf } from '../../../src/store/try/lines.ts';
import { colouringOf, partnersOf, positionsAt, squareOf } from '../../../src/store/try/map.ts';
import { describeMatrix, differenceOf } from '../../../src/store/try/matrix.ts';

describe('rankHits', () => {
  const texts = ['a', 'b', 'c', 'd'];
  const ranking = {
    kind: 'cosine' as const,
    labels: null,
    before: Float32Array.of(1, 0.9, 0.5, 0.1),
    now: Float32Array.of(1, 0.2, 0.8, 0.4),
  };

  it('leaves the query out, orders by now and knows the places before', () => {
    const hits = rankHits({ query: 'a', texts, ranking });
    expect(hits.map(({ text, placeNow, placeBefore }) => [text, placeNow, placeBefore])).toEqual([
      ['c', 1, 2],
      ['d', 2, 3],
      ['b', 3, 1],
    ]);
    const { rose, fell } = movers(hits, 10, 1);
    expect(rose.map(({ text }) => text)).toEqual(['c']);
    expect(fell.map(({ text }) => text)).toEqual(['b']);
    expect(
      movers(hits, 1, 5).rose.map(({ text }) => text),
      'd is never first',
    ).toEqual(['c']);
  });

  it('reads one label’s column, and has no places before where the head was new', () => {
    const classes = {
      kind: 'classes' as const,
      labels: ['no', 'yes'],
      before: null,
      now: Float32Array.of(0.9, 0.1, 0.3, 0.7),
    };
    const hits = rankHits({ query: 'q', texts: ['a', 'b'], ranking: classes }, 1);
    expect(hits.map(({ text, now, placeBefore }) => [text, now.toFixed(1), placeBefore])).toEqual([
      ['b', '0.7', null],
      ['a', '0.1', null],
    ]);
    expect(movers(hits, 10, 3)).toEqual({ rose: [], fell: [] });
  });
});

test('lines are different, not blank, and no more than asked for', () => {
  expect(linesOf(' a \r\n\nb\na\rc')).toEqual({ lines: ['a', 'b', 'c'], total: 3 });
  expect(linesOf('a\nb\nc', 2)).toEqual({ lines: ['a', 'b'], total: 3 });
});

test('a matrix: the diagonal, the rest, and who finds its own', () => {
  const before = Float32Array.of(0.5, 0.75, 0.25, 0.5);
  const now = Float32Array.of(1, 0.5, 0, 0.5);
  expect(describeMatrix(before)).toEqual({ own: 0.5, others: 0.5, found: 1 });
  expect(describeMatrix(now)).toEqual({ own: 0.75, others: 0.25, found: 2 });
  expect([...differenceOf(before, now)]).toEqual([0.5, -0.25, -0.25, 0]);
});

describe('a map', () => {
  const frames = [
    { step: 0, positions: Float32Array.of(0, 0, 2, 2) },
    { step: 5, positions: Float32Array.of(4, 0, 2, -2) },
  ];

  it('moves straight from frame to frame', () => {
    expect([...positionsAt(frames, 0)]).toEqual([0, 0, 2, 2]);
    expect([...positionsAt(frames, 0.25)]).toEqual([1, 0, 2, 1]);
    expect([...positionsAt(frames, 1)]).toEqual([4, 0, 2, -2]);
  });

  it('has one square for all frames', () => {
    expect(squareOf(frames)).toEqual({ x: 2, y: 0, half: 2 });
  });

  it('colours by label, by score, or not at all; not what two pairs disagree on', () => {
    const texts = ['a', 'b', 'c'];
    const pair = (gold: number | string | null, second = 1) => ({ first: 0, second, gold });
    expect(colouringOf({ texts, pairs: [pair(null)] })).toEqual({ kind: 'none' });
    expect(colouringOf({ texts, pairs: [pair(0.5), pair(1, 2)] })).toEqual({ kind: 'score', scores: [null, 0.5, 1] });
    expect(colouringOf({ texts, pairs: [pair('yes'), pair('yes', 2)] })).toEqual({
      kind: 'label',
      labels: ['yes'],
      numbers: [0, 0, 0],
    });
    expect(partnersOf({ texts, pairs: [pair(0.5), pair(1, 2)] }, 2, 6)).toEqual([{ text: 'a', gold: 1 }]);
  });
});
