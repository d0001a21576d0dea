import { columnOf, numberIn, rowsOf, tableOf, targetOf } from '../tables/look-up.js';
import { SECTION, TARGET } from '../tables/names.js';
import type { Section } from '../tables/table.js';
import { type Bar, type Chart, type Group, isOurs } from './chart.js';

/** Compares our codec with its peers at equal duty. It shows ratios, because an absolute time changes all the time. */
export function codecChart(sections: readonly Section[]): Chart | undefined {
  const table = tableOf(sections, SECTION.codec, 'Equal duty: validation');
  if (!table) return undefined;
  const group = (heading: string, head: string, target: string | undefined): Group => {
    const column = columnOf(table, head) + 1;
    const bars = rowsOf(table).map(({ name, cells }): Bar => {
      const bar = { label: name, value: numberIn(cells[column]), figure: cells[column]!, ours: isOurs(name) };
      return bar.ours || target === undefined ? bar : { ...bar, target: numberIn(target) };
    });
    return { heading, target: target && `${target} x`, bars };
  };
  const encode = group('Encoding', 'encode, ns', targetOf(sections, TARGET.encode));
  const decode = group('Decoding', 'decode, ns', targetOf(sections, TARGET.decode));
  const peers = ({ bars }: Group) => {
    const ratios = bars.filter(({ ours }) => !ours).map(({ value }) => value);
    return `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} times`;
  };
  return {
    name: 'codec',
    title: SECTION.codec,
    note:
      'How long it takes beside ours, with equal duty: validation, and a frame written plainly. Shorter is faster.' +
      (encode.target ? ' The line across the peers is the target: each of their bars has to reach it.' : ''),
    groups: [encode, decode],
    alt:
      `Bar chart. With equal duty, the peers take ${peers(encode)} as long as @bluetap/protocol to encode a PayCommand, ` +
      `and ${peers(decode)} as long to decode one.`,
  };
}
