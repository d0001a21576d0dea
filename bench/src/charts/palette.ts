/** What has a colour in a chart: its paper with an edge, texts, notes, the bars of ours and of others, lines. */
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
 * Text has a contrast of at least 4.5 to 1 to the paper; bars have at least 3 to 1, and so have lines, to the paper and to the
 * bars. The paper is drawn too: the page can have a theme of its own, while an image in it follows the browser's.
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

/** The rules of a style sheet for both colour schemes. Some programs that draw SVG know no variables, so there are none. */
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
