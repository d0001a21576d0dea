/** A bar or a line as it stands in a file. */
export interface Drawn {
  readonly style: string;
  readonly x: number;
  readonly width: number;
}

/** The bars of a chart, from the top down. */
export function barsOf(svg: string): Drawn[] {
  return [...svg.matchAll(/<rect class="(ours|other)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(drawnOf);
}

/** The lines of one style, from the top down. */
export function linesOf(svg: string, style: string): Drawn[] {
  const lines = svg.matchAll(new RegExp(`<line class="(${style})" x1="([\\d.]+)" y1="[\\d.]+" x2="([\\d.]+)"`, 'g'));
  return [...lines].map(drawnOf).map(({ style, x, width }) => ({ style, x, width: width - x }));
}

function drawnOf([, style = '', x, width]: RegExpMatchArray): Drawn {
  return { style, x: Number(x), width: Number(width) };
}

/** The texts that a reader sees. */
export function textsOf(svg: string): { style: string; x: number; text: string }[] {
  return [...svg.matchAll(/<text class="([^"]+)" x="([\d.]+)" y="[\d.]+">([^<]*)<\/text>/g)].map(
    ([, style = '', x, text = '']) => ({ style, x: Number(x), text: plain(text) }),
  );
}

/** The alternative texts of a chart. */
export function wordsOf(svg: string): { title: string; desc: string } {
  const [title = '', desc = ''] = ['title', 'desc'].map(
    (name) => new RegExp(`<${name} id="[\\w-]+">([^<]*)</${name}>`).exec(svg)?.[1],
  );
  return { title: plain(title), desc: plain(desc) };
}

function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
