/** What the contents of a column say: numbers, labels or sentences, judged on a sample spread over the table. */
import { detectScoreRange, parseLabel, parseScore } from './scores.ts';

const sampleSize = 2000;

/** Inner white space, or a script written without it. */
const sentenceLike =
  /\S\s+\S|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * - `blank`: no content; `binary`: only 0 and 1; `label`: words such as entailment, true, 蕴含
 * - `score`: numbers on a usual scale; `number`: other numbers, such as running ids or years
 * - `sentence`: text; `word`: varied but without inner spaces; `category`: few different values
 */
export type ColumnKind = 'blank' | 'binary' | 'label' | 'score' | 'number' | 'sentence' | 'word' | 'category';

/**
 * The kind of one column of `rows`, from the cells that are not blank. Numbers need be only a `share` of them: the others
 * are reported later, as rows left out.
 */
export function judgeColumn(rows: readonly (readonly string[])[], column: number, share = 0.9): ColumnKind {
  const cells: string[] = [];
  const stride = Math.max(1, rows.length / sampleSize);
  for (let at = 0; at < rows.length; at += stride) {
    const cell = rows[Math.floor(at)]?.[column]?.trim();
    if (cell) cells.push(cell);
  }
  if (!cells.length) return 'blank';

  const numbers = cells.map(parseScore).filter((value) => value !== null);
  if (numbers.length >= cells.length * share) return judgeNumbers(numbers);
  if (cells.filter((cell) => parseLabel(cell) !== null).length >= cells.length * 0.5) return 'label';

  const distinct = new Set(cells).size;
  const length = cells.reduce((sum, cell) => sum + cell.length, 0) / cells.length;
  if (cells.length >= 20 && distinct <= cells.length * 0.05 && length < 25) return 'category';
  return cells.filter((cell) => sentenceLike.test(cell)).length >= cells.length * 0.3 ? 'sentence' : 'word';
}

function judgeNumbers(numbers: number[]): ColumnKind {
  if (numbers.every((value) => value === 0 || value === 1)) return 'binary';
  // Running ids: whole numbers that only rise, or that never come twice in a table of some length.
  const whole = numbers.every(Number.isInteger);
  const rising = numbers.every((value, i) => i === 0 || value > (numbers[i - 1] as number));
  const unique = numbers.length >= 20 && new Set(numbers).size === numbers.length;
  if (whole && ((rising && numbers.length >= 5) || unique)) return 'number';
  const range = detectScoreRange(numbers);
  const usual = range && (range.high <= 10 || range.high === 100) && range.low >= -1;
  return usual ? 'score' : 'number';
}
