/**
 * A chart as a picture that stands alone: its drawing with the colours and fonts that the page gives it written into
 * each element, its title above and its legend below.
 */

type Picture = { svg: string; width: number; height: number };

const namespace = 'http://www.w3.org/2000/svg';
const gap = 16;

/** What the page's styles say of a drawn element. */
const properties = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
];

function copyDrawing(source: SVGSVGElement, x: number, y: number): SVGSVGElement {
  const copy = source.cloneNode(true) as SVGSVGElement;
  const copies = [copy, ...copy.querySelectorAll('*')];
  for (const [i, element] of [source, ...source.querySelectorAll('*')].entries()) {
    const style = getComputedStyle(element);
    const twin = copies[i]!;
    twin.removeAttribute('class');
    twin.removeAttribute('style');
    for (const name of properties) twin.setAttribute(name, style.getPropertyValue(name));
  }
  const { width, height } = source.getBoundingClientRect();
  for (const [name, value] of Object.entries({ x, y, width, height })) copy.setAttribute(name, String(value));
  return copy;
}

/** The words of an element of the page, with their left end on the base line at (x, y). */
function writeWords(source: Element, words: string, x: number, y: number): SVGTextElement {
  const style = getComputedStyle(source);
  const text = document.createElementNS(namespace, 'text');
  for (const [name, value] of Object.entries({ x, y, fill: style.color })) text.setAttribute(name, String(value));
  for (const name of ['font-family', 'font-size', 'font-weight']) text.setAttribute(name, style.getPropertyValue(name));
  text.textContent = words;
  return text;
}

/** The chart in `figure`; null while nothing is drawn in it. */
export function drawPicture(figure: HTMLElement): Picture | null {
  const drawing = figure.querySelector<SVGSVGElement>('.chart-body svg.recharts-surface');
  if (!drawing) return null;
  const box = drawing.getBoundingClientRect();
  const title = figure.getAttribute('aria-label') ?? '';
  const heading = figure.querySelector('h3') ?? figure;
  const legend = figure.querySelector('.chart-legend');
  const legendBox = legend?.getBoundingClientRect();
  const top = gap + 24;
  const legendTop = top + box.height + 12;
  const width = Math.ceil(box.width + 2 * gap);
  const height = Math.ceil(legendTop + (legendBox ? legendBox.height + gap : 0));

  const svg = document.createElementNS(namespace, 'svg');
  const paper = document.createElementNS(namespace, 'rect');
  for (const [name, value] of Object.entries({ xmlns: namespace, width, height, viewBox: `0 0 ${width} ${height}` })) {
    svg.setAttribute(name, String(value));
  }
  for (const [name, value] of Object.entries({ width, height, fill: getComputedStyle(figure).backgroundColor })) {
    paper.setAttribute(name, String(value));
  }
  svg.append(paper, writeWords(heading, title, gap, gap + 14), copyDrawing(drawing, gap, top));
  for (const entry of legend?.querySelectorAll('li') ?? []) {
    const [sign, words] = [entry.querySelector('svg'), entry.querySelector('span')];
    if (!sign || !words || !legendBox) continue;
    const place = (element: Element) => {
      const { left, top: above } = element.getBoundingClientRect();
      return [gap + left - legendBox.left, legendTop + above - legendBox.top] as const;
    };
    const [wordsLeft, wordsTop] = place(words);
    svg.append(copyDrawing(sign, ...place(sign)), writeWords(words, words.textContent ?? '', wordsLeft, wordsTop + 12));
  }
  return { svg: new XMLSerializer().serializeToString(svg), width, height };
}

/** The picture in dots, two for each of the page's pixels. */
export async function paintPicture({ svg, width, height }: Picture): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [2 * width, 2 * height];
    const context = canvas.getContext('2d');
    context?.scale(2, 2);
    context?.drawImage(image, 0, 0, width, height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('canvas.toBlob gave nothing'))), 'image/png');
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
