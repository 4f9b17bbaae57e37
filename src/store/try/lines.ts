/** A text with one sentence a line, as a list. */

/** Lines that a search takes. */
export const mostLines = 10_000;

/** Each different line that is not blank, trimmed, in order, the first `most` of them; `total` counts all of these. */
export function linesOf(text: string, most = mostLines): { lines: string[]; total: number } {
  const lines = [...new Set(text.split(/\r\n|\n|\r/).map((line) => line.trim()))].filter((line) => line !== '');
  return { lines: lines.slice(0, most), total: lines.length };
}
