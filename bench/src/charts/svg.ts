import type { Bar, Chart, Group } from './chart.js';
import { describe } from './describe.js';
import { widthOf, wrap } from './letters.js';
import { element, startTag } from './markup.js';
import { colours } from './palette.js';

/** The width of the drawing. If an image is 400 pixels wide, the smallest text is 10.8 pixels high. */
const WIDTH = 520;
const MARGIN = 16;
const TEXT = 14;
const LINE = 18;
const BAR = 14;
const GAP = 8;
/** The maximum length of a line of a label. A longer label has several lines. */
const LABEL_WIDTH = 170;

const STYLE = [
  `text { font: ${TEXT}px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif }`,
  '.title { font-size: 18px; font-weight: 600 }',
  '.heading { font-size: 15px; font-weight: 600 }',
  '.bold { font-weight: 700 }',
  '.end { text-anchor: end }',
  '.line { stroke-width: 1.5 }',
  '.target { stroke-width: 2 }',
  '.gap { stroke-width: 5 }',
  ...colours(),
];

/** The parts that are drawn so far, from the top. */
interface Drawing {
  readonly elements: string[];
  /** The place where the next part begins. */
  y: number;
}

/** The place of the bars. It is the same in all groups of a chart. */
interface Layout {
  readonly left: number;
  /** Converts a figure to a place. */
  x(value: number): number;
  /** True if the chart shows our package and others. */
  readonly compared: boolean;
}

/**
 * Returns the chart as an SVG file. It needs no script, no font and no other file. It contains its figures in words, and
 * its colours follow the colour scheme of the reader.
 */
export function svg(chart: Chart): string {
  const drawing: Drawing = { elements: [], y: MARGIN };
  write(drawing, 'title', chart.title, 26);
  for (const line of wrap(chart.note, TEXT, WIDTH - 2 * MARGIN)) write(drawing, 'note', line);
  const layout = layoutOf(chart.groups.flatMap(({ bars }) => bars));
  for (const group of chart.groups) drawGroup(drawing, group, layout);
  const height = drawing.y + MARGIN - GAP / 2;
  const [title, description] = [`${chart.name}-title`, `${chart.name}-description`];
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    width: WIDTH,
    height,
    viewBox: `0 0 ${WIDTH} ${height}`,
    role: 'img',
    'aria-labelledby': `${title} ${description}`,
  };
  return [
    startTag('svg', root),
    element('title', { id: title }, chart.title),
    element('desc', { id: description }, describe(chart)),
    '<style>',
    ...STYLE,
    '</style>',
    element('rect', { class: 'paper', x: 0.5, y: 0.5, width: WIDTH - 1, height: height - 1, rx: 6 }),
    ...drawing.elements,
    '</svg>',
    '',
  ].join('\n');
}

function layoutOf(bars: readonly Bar[]): Layout {
  const compared = bars.some(({ ours }) => !ours);
  const widest = (textsOf: (bar: Bar) => readonly string[]) =>
    Math.max(...bars.flatMap((bar) => textsOf(bar).map((text) => widthOf(text, TEXT, weightOf(bar, compared)))));
  const left = MARGIN + widest(({ label }) => wrap(label, TEXT, LABEL_WIDTH)) + GAP;
  const right = WIDTH - MARGIN - GAP - widest(({ figure }) => [figure]);
  const scale = (right - left) / Math.max(...bars.map(endOf));
  return { left, x: (value) => left + value * scale, compared };
}

/** Our package is bold if there are others, so that a reader who sees no colour finds it. */
function weightOf({ ours }: Bar, compared: boolean): 'bold' | 'regular' {
  return compared && ours ? 'bold' : 'regular';
}

/** Returns the end of everything that is drawn for a bar. The figure comes after it, so that no text is over a bar. */
function endOf({ value, range, target = 0 }: Bar): number {
  return Math.max(value, target, range?.highest ?? 0);
}

function drawGroup(drawing: Drawing, { heading, target, bars }: Group, layout: Layout): void {
  drawing.y += GAP;
  write(drawing, 'heading', heading, 22);
  if (target !== undefined) {
    const place = { class: 'note end', x: WIDTH - MARGIN, y: drawing.y - 5 };
    drawing.elements.push(element('text', place, `target: ${target}`));
  }
  drawing.y += 4;
  const top = drawing.y;
  for (const bar of bars) drawBar(drawing, bar, layout);
  drawing.elements.push(vertical('line', layout.left, top, drawing.y));
}

function drawBar(drawing: Drawing, bar: Bar, { left, x, compared }: Layout): void {
  const { elements, y: top } = drawing;
  const lines = wrap(bar.label, TEXT, LABEL_WIDTH);
  const bottom = top + lines.length * LINE + GAP;
  const middle = (top + bottom) / 2;
  const weight = weightOf(bar, compared);
  for (const [index, line] of lines.entries()) {
    const y = top + GAP / 2 + (index + 1) * LINE - 4;
    elements.push(element('text', { class: `end ${weight}`, x: left - GAP, y }, line));
  }
  const side = bar.ours ? 'ours' : 'other';
  // A difference of two times can be negative. The width of a bar cannot.
  const width = Math.max(0, x(bar.value) - left);
  elements.push(element('rect', { class: side, x: left, y: middle - BAR / 2, width, height: BAR }));
  if (bar.range) elements.push(...drawRange(x(bar.range.lowest), x(bar.range.highest), middle));
  if (bar.target !== undefined)
    elements.push(...['gap', 'line target'].map((style) => vertical(style, x(bar.target!), top, bottom)));
  elements.push(element('text', { class: weight, x: x(endOf(bar)) + GAP, y: middle + 5 }, bar.figure));
  drawing.y = bottom;
}

function drawRange(from: number, to: number, y: number): string[] {
  return [
    element('line', { class: 'line', x1: from, y1: y, x2: to, y2: y }),
    vertical('line', from, y - 3, y + 3),
    vertical('line', to, y - 3, y + 3),
  ];
}

function vertical(style: string, x: number, top: number, bottom: number): string {
  return element('line', { class: style, x1: x, y1: top, x2: x, y2: bottom });
}

/** Draws a line of text that begins at the left margin. */
function write(drawing: Drawing, style: string, text: string, height = LINE): void {
  drawing.y += height;
  drawing.elements.push(element('text', { class: style, x: MARGIN, y: drawing.y - 5 }, text));
}
