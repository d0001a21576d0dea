/** The colours of a chart: paper, edge, texts, notes, our bars, other bars, lines. */
export interface Palette {
  readonly paper: string;
  readonly edge: string;
  readonly text: string;
  readonly note: string;
  readonly ours: string;
  readonly other: string;
  readonly line: string;
}

/**
 * A text has a contrast of at least 4.5 to 1 to the paper. A bar has at least 3 to 1 to the paper. A line has at least
 * 3 to 1 to the paper and to the bars. The paper is drawn too, because a page can have another theme than the browser,
 * and an image follows the browser.
 */
export const PALETTES: Readonly<Record<'light' | 'dark', Palette>> = {
  light: {
    paper: '#ffffff',
    edge: '#d0d7de',
    text: '#1f2328',
    note: '#59636e',
    ours: '#0969da',
    other: '#8c959f',
    line: '#1f2328',
  },
  dark: {
    paper: '#0d1117',
    edge: '#3d444d',
    text: '#f0f6fc',
    note: '#9198a1',
    ours: '#388bfd',
    other: '#6e7681',
    line: '#f0f6fc',
  },
};

/** Returns the CSS rules for both colour schemes, without variables, because some programs cannot read variables in SVG. */
export function colours(): string[] {
  return [...rules(PALETTES.light), '@media (prefers-color-scheme: dark) {', ...rules(PALETTES.dark), '}'];
}

function rules({ paper, edge, text, note, ours, other, line }: Palette): string[] {
  return [
    `.paper { fill: ${paper}; stroke: ${edge} }`,
    `text { fill: ${text} }`,
    `.note { fill: ${note} }`,
    `.ours { fill: ${ours} }`,
    `.other { fill: ${other} }`,
    `.line { stroke: ${line} }`,
    `.gap { stroke: ${paper} }`,
  ];
}
