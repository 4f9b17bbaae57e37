/** Numbers, sizes and times in the manner of a language. */
import type { Language } from './preferences.ts';

export type Format = ReturnType<typeof makeFormat>;

const made = new Map<Language, Format>();

/** One for all components, as to make one takes milliseconds. */
export function formatIn(language: Language): Format {
  const format = made.get(language) ?? makeFormat(language);
  made.set(language, format);
  return format;
}

/** Makes at the first use, once for each set of arguments. */
function lazily<A extends (string | number)[], T>(make: (...args: A) => T): (...args: A) => T {
  const kept = new Map<string, T>();
  return (...args) => {
    const key = args.join();
    const value = kept.get(key) ?? make(...args);
    kept.set(key, value);
    return value;
  };
}

function makeFormat(language: Language) {
  const locale = language === 'zh' ? 'zh-CN' : 'en';
  const numbers = (options: Intl.NumberFormatOptions) => lazily(() => new Intl.NumberFormat(locale, options));
  const whole = numbers({ maximumFractionDigits: 0 });
  const share = numbers({ style: 'percent', maximumFractionDigits: 0 });
  const plain = numbers({ maximumFractionDigits: 3 });
  const compact = numbers({ notation: 'compact', maximumSignificantDigits: 3 });
  const inUnit = lazily(
    (unit: string, digits: number) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits }),
  );
  const unit = (name: string, value: number, digits = 0) => inUnit(name, digits).format(value);
  const languages = lazily(() => new Intl.DisplayNames(locale, { type: 'language' }));
  const moment = lazily(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }));

  return {
    /** 1,034 */
    count: (value: number) => whole().format(value),
    /** 2.21M, 221万 */
    compact: (value: number) => compact().format(value),
    /** Nov 21, 2026, 6:08 AM; from milliseconds since 1970. */
    moment: (time: number) => moment().format(time),
    /** 12% */
    share: (value: number) => share().format(value),
    /** English, 英语; of a code that is not known, the code. */
    language: (code: string) => languages().of(code) ?? code,
    /** Up to three decimals, no trailing zeros. */
    plain: (value: number) => plain().format(value),
    /** 4.7 MB */
    bytes(value: number) {
      if (value < 1e6) return unit('kilobyte', value / 1e3);
      return value < 1e9 ? unit('megabyte', value / 1e6, 1) : unit('gigabyte', value / 1e9, 2);
    },
    /** 2 min 10 sec */
    duration(seconds: number) {
      if (seconds < 10) return unit('second', seconds, 1);
      const whole = Math.round(seconds);
      const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
      const parts = [
        hours > 0 ? unit('hour', hours) : '',
        minutes > 0 ? unit('minute', minutes) : '',
        hours === 0 && (rest > 0 || minutes === 0) ? unit('second', rest) : '',
      ];
      return parts.filter(Boolean).join(' ');
    },
  };
}

/** 3:07 or 1:03:07, from milliseconds. */
export function clockTime(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A number with as many decimals as said, a true minus sign, or a dash where there is none. */
export function fixed(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  return value.toFixed(digits).replace('-', '−');
}

/** 2.0e−4: numbers that span decades, always of one width. */
export function scientific(value: number): string {
  return value === 0 ? '0' : value.toExponential(1).replace('-', '−');
}
