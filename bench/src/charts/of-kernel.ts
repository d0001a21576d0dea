import { columnOf, numberIn, type Row, rowsOf, tableOf } from '../tables/look-up.js';
import { SECTION } from '../tables/names.js';
import type { Section } from '../tables/table.js';
import type { Bar, Chart, Group } from './chart.js';

/** Compares the SDK with the bare libraries on a USB device. Each group begins with the row "HID: a bare write and read". */
export function kernelChart(sections: readonly Section[]): Chart | undefined {
  const table = tableOf(sections, SECTION.kernel);
  if (!table) return undefined;
  const [ratio, rounds] = [columnOf(table, 'ratio'), columnOf(table, 'of the rounds')];
  const bar = (label: string, { name, cells }: Row): Bar => {
    const plain = { label, value: numberIn(cells[ratio]), figure: cells[ratio]!, ours: name === 'pay()' };
    const [lowest, highest] = cells[rounds]!.split(' to ').map(numberIn);
    // The other rows of a group are compared with the first row. So each round of the first row is 1.
    if (lowest === highest) return plain;
    return { ...plain, range: { lowest: lowest!, highest: highest!, figure: cells[rounds]! } };
  };
  const groups: { heading: string; bars: Bar[] }[] = [];
  for (const row of rowsOf(table)) {
    const [, heading, label] = /^(\w+): (.*)/.exec(row.name) ?? [];
    if (heading) groups.push({ heading, bars: [] });
    groups.at(-1)?.bars.push(bar(label ?? row.name, row));
  }
  const pay = ({ heading, bars }: Group) => `${bars.find(({ ours }) => ours)?.value.toFixed(2)} over ${heading}`;
  return {
    name: 'kernel',
    title: 'pay() through a real kernel',
    note:
      'How long it takes beside a bare write and read with the library of the transport, in a guest of the lab. Shorter is ' +
      'faster. The thin line goes from the lowest to the highest round.',
    groups,
    alt:
      'Bar chart of times. A bare write and read with the library of the transport counts as 1, and pay() takes ' +
      `${groups.map(pay).join(', ')}.`,
  };
}
