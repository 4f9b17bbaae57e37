/** Colours of the theme for what is drawn on a canvas, and the scales made of them. */
import { useSyncExternalStore } from 'react';

export type Palette = Record<'surface' | 'ink' | 'line' | 'quiet' | 'accent' | 'positive' | 'negative', string> & {
  /** For labels: told apart by colour-blind people, at least 3 : 1 against the surface. */
  labels: readonly string[];
};

const labelColours = {
  light: ['#0b7f79', '#b85c00', '#3f4bd1', '#a3286f', '#5d7300', '#0072b2', '#6b4a2b', '#565c63'],
  dark: ['#25a59c', '#ffb26b', '#97a3ff', '#f08cc4', '#c3d552', '#62b8f2', '#d9b28c', '#b0b8c0'],
} as const;

function readTheme(): 'light' | 'dark' {
  return document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light';
}

function subscribe(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

const palettes = new Map<string, Palette>();

function readPalette(theme: 'light' | 'dark'): Palette {
  const style = getComputedStyle(document.documentElement);
  // A canvas says every colour as #rrggbb; a style sheet may come with #fff or a name.
  const context = document.createElement('canvas').getContext('2d');
  const read = (name: string) => {
    if (!context) return '#808080';
    context.fillStyle = style.getPropertyValue(`--${name}`).trim();
    return String(context.fillStyle);
  };
  const found: Palette = palettes.get(theme) ?? {
    surface: read('surface'),
    ink: read('ink'),
    line: read('line-strong'),
    quiet: read('ink-3'),
    accent: read('accent'),
    positive: read('positive'),
    negative: read('negative'),
    labels: labelColours[theme],
  };
  palettes.set(theme, found);
  return found;
}

/** The colours of the theme as it is; the component draws again when it changes. */
export function usePalette(): Palette {
  return readPalette(useSyncExternalStore(subscribe, readTheme));
}

const channels = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** From one colour (share 0) to another (1). */
export function mix(from: string, to: string, share: number): string {
  const [a, b] = [channels(from), channels(to)];
  const part = Math.max(0, Math.min(1, share));
  return `rgb(${a.map((value, i) => Math.round(value + part * (b[i]! - value))).join(' ')})`;
}

/** From −1 (negative) over 0 (`middle`) to 1 (positive). */
export function diverge({ negative, positive }: Palette, middle: string, value: number): string {
  return value < 0 ? mix(middle, negative, -value) : mix(middle, positive, value);
}
