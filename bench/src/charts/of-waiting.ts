import { numberIn, type Row, rowsOf, tableOf, targetOf } from '../tables/look-up.js';
import { SECTION, TARGET } from '../tables/names.js';
import type { Section } from '../tables/table.js';
import type { Chart, Group } from './chart.js';

/** Shows the time of one call while few or many calls wait, for each way in which they end. */
export function waitingChart(sections: readonly Section[]): Chart | undefined {
  const table = tableOf(sections, SECTION.waiting);
  if (!table) return undefined;
  const columns = table.head.flatMap((head, column) => (head.startsWith('one of ') ? [column] : []));
  const groups = rowsOf(table).map(({ name, cells }): Group => {
    const bars = columns.map((column) => {
      const figure = cells[column]!;
      return { label: table.head[column]!, value: numberIn(figure), figure, ours: true };
    });
    return { heading: name.replace(/^./, (letter) => letter.toUpperCase()), bars };
  });
  const [fewer, most] = columns.slice(-2);
  const [ofFewer, ofMost] = [table.head[fewer!], table.head[most!]];
  const costs = ({ name, cells }: Row) => `${name} ${cells[fewer!]} and ${cells[most!]}`;
  const target = targetOf(sections, TARGET.waiting(table.rows[0]![0]!));
  return {
    name: 'waiting',
    title: SECTION.waiting,
    note:
      'What one call costs where so many wait at the same time and end in the same way. Shorter is faster.' +
      (target === undefined ? '' : ` The target: ${ofMost} costs ${target} times as much as ${ofFewer}.`),
    groups,
    alt: `Bar chart. What a call that waits costs, ${ofFewer} and ${ofMost}: ${rowsOf(table).map(costs).join('; ')}.`,
  };
}
