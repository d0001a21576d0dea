import { numberIn, type Row, rowsOf, tableOf } from '../tables/look-up.js';
import { SECTION } from '../tables/names.js';
import type { Section } from '../tables/table.js';
import { type Bar, type Chart, type Group, isOurs } from './chart.js';

/** Shows the speed of splitting a stream, for each chunk size. */
export function splittingChart(sections: readonly Section[]): Chart | undefined {
  const table = tableOf(sections, SECTION.splitting);
  if (!table) return undefined;
  const sizes = table.head.filter((_, column) => column % 2 === 1);
  // Each size has two columns: megabytes a second, and the ratio.
  const groups = table.head.flatMap((size, column): Group[] => {
    if (column % 2 === 0) return [];
    const bars = rowsOf(table).map(({ name, cells }): Bar => {
      const speed = cells[column]!;
      const ours = isOurs(name);
      return { label: name, value: numberIn(speed), figure: ours ? speed : `${speed} (${cells[column + 1]})`, ours };
    });
    return [{ heading: `Chunks of ${size}`, bars }];
  });
  const speeds = ({ name, cells }: Row) => `${name} ${cells.filter((_, column) => column % 2 === 1).join(', ')}`;
  return {
    name: 'splitting',
    title: SECTION.splitting,
    note:
      'Megabytes a second, so longer is faster. In brackets: how many times as long as ours it takes. Ours takes COBS away ' +
      'and checks the CRC; the parsers of serialport check nothing.',
    groups,
    alt: `Bar chart. Megabytes a second in chunks of ${sizes.join(', ')}: ${rowsOf(table).map(speeds).join('; ')}.`,
  };
}
