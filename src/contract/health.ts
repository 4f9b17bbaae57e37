/** What stands out in the user's data before a run: plain findings, each with a count and an example. */
import type { Slot } from './data.ts';

/** A row by the line of the file it starts on, with its texts. */
export type RowExample = {
  line: number;
  texts: string[];
  /** The line, and the file, of the row that it is set against; null where it stands alone. */
  other: { line: number; slot: Slot } | null;
};

/** Writing systems that are told apart; Japanese is known by its kana. */
export type Script =
  | 'latin'
  | 'han'
  | 'kana'
  | 'hangul'
  | 'cyrillic'
  | 'greek'
  | 'arabic'
  | 'hebrew'
  | 'devanagari'
  | 'thai'
  | 'other';

type Common = {
  slot: Slot;
  /** Rows (for `short`, `scripts` and `long`: texts) that it is about, and how many there are. */
  count: number;
  total: number;
  example: RowExample;
};

export type HealthFinding = Common &
  (
    | {
        kind: /** Rows that stand there before, letter by letter. */
          | 'duplicates'
          /** As before but for case, punctuation and spaces. */
          | 'near-duplicates'
          /** The same texts with another label or score. */
          | 'conflicts'
          /** Both sentences are the same. */
          | 'identical'
          /** Evaluation rows whose sentences are a training row, too. */
          | 'leak'
          /** Evaluation rows of which one sentence is in the training data. */
          | 'shared'
          /** Texts with hardly a letter. */
          | 'short';
      }
    /** One label many times as often as another. */
    | { kind: 'imbalance'; most: { label: string; count: number }; least: { label: string; count: number } }
    /** Texts in several scripts, the commonest first. */
    | { kind: 'scripts'; shares: { script: Script; count: number }[] }
    /** Texts longer than the model is set to read. Seen in a sample of the texts. */
    | { kind: 'long'; maxLength: number }
  );

export type DataHealth = {
  findings: HealthFinding[];
  /** The text with the most characters of the training data; null without data. */
  longest: RowExample | null;
};
