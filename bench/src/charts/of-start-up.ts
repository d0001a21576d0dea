import { columnOf, numberIn, type Row, rowsOf, tableOf, targetOf } from '../tables/look-up.js';
import { SECTION, TARGET } from '../tables/names.js';
import type { Section } from '../tables/table.js';
import type { Bar, Chart } from './chart.js';

const SDK = '@bluetap/sdk';
const PAY = 'bluetap pay';

/** Shows the time that an import, or a command, adds to an empty Node process. */
export function startUpChart(sections: readonly Section[]): Chart | undefined {
  const table = tableOf(sections, SECTION.startUp);
  if (!table) return undefined;
  const [total, more] = [columnOf(table, 'ms'), columnOf(table, 'more than empty, ms')];
  const [empty, ...rows] = rowsOf(table);
  const targets = { [SDK]: targetOf(sections, TARGET.importSdk), [PAY]: targetOf(sections, TARGET.pay) };
  const bar = ({ name, cells }: Row): Bar => {
    // The option with the wallet is left out, because it would make the label twice as long.
    const label = name.replace(/ --payment-method .*/, '');
    const target = Object.entries(targets).find(([start]) => name.startsWith(start))?.[1];
    const figure = cells[more]!;
    const plain = { label, value: numberIn(figure), figure, ours: true };
    if (target === undefined) return plain;
    return { ...plain, target: numberIn(target), figure: `${figure} (target: ${numberIn(target)})` };
  };
  const [commands, imports] = [true, false].map((command) =>
    rows.filter(({ name }) => name.startsWith('bluetap ') === command).map(bar),
  );
  const told = (start: keyof typeof targets) => {
    const figure = rows.find(({ name }) => name.startsWith(start))?.cells[more];
    return `${figure} ms more${targets[start] ? ` (target: ${targets[start]})` : ''}`;
  };
  return {
    name: 'start-up',
    title: 'Start-up of a Node process',
    note:
      `Milliseconds more than an empty process, which takes ${empty!.cells[total]} ms. Shorter is faster.` +
      (targets[SDK] ? ' A line across a bar is its target.' : ''),
    groups: [
      { heading: 'One import', bars: imports! },
      { heading: 'One command', bars: commands! },
    ],
    alt:
      `Bar chart. Beside an empty Node process of ${empty!.cells[total]} ms, importing ${SDK} takes ${told(SDK)}, and ` +
      `bluetap pay with the emulator ${told(PAY)}.`,
  };
}
