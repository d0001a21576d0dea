import { SECTION } from './names.js';

/** The printed result of one measurement. */
export interface Section {
  readonly title: string;
  readonly tables: readonly Table[];
  readonly targets?: readonly Target[] | undefined;
}

/** The cells as they are printed. The first column is the name of the row. */
export interface Table {
  readonly caption?: string | undefined;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A figure with a bound: at least `target`, or at most `target` if `atMost` is true. */
export interface Target {
  readonly name: string;
  readonly target: number;
  readonly value: number;
  readonly atMost?: boolean | undefined;
}

/** Returns true if the measured figure reaches its target. */
export const isMet = ({ value, target, atMost = false }: Target): boolean =>
  atMost ? value <= target : value >= target;

/** Returns a ratio as it is printed. "2.50 x" means two and a half times as long as ours. */
export const times = (ratio: number): string => `${ratio.toFixed(2)} x`;

/**
 * Returns Markdown with aligned columns. So people can read it in a terminal, and copy it unchanged into
 * docs/explanation/performance.md.
 */
export function markdown({ title, tables }: Section): string {
  return [
    `## ${title}`,
    ...tables.flatMap(({ caption, ...table }) => [...(caption ? [caption] : []), grid(table)]),
  ].join('\n\n');
}

function grid({ head, rows }: Pick<Table, 'head' | 'rows'>): string {
  const widths = head.map((word, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]!.length), word.length),
  );
  const line = (row: readonly string[]) => `| ${row.map((word, column) => pad(word, column)).join(' | ')} |`;
  const pad = (word: string, column: number) =>
    column === 0 ? word.padEnd(widths[column]!) : word.padStart(widths[column]!);
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Returns the last table: each target with the measured figure, and whether the target is met. */
export function targetTable(targets: readonly Target[]): Section {
  const figure = ({ atMost = false, target, value }: Target) => [
    `${atMost ? 'at most' : 'at least'} ${target}`,
    Number.isInteger(value) ? `${value}` : value.toFixed(2),
  ];
  return {
    title: SECTION.targets,
    tables: [
      {
        head: ['', 'target', 'measured', ''],
        rows: targets.map((target) => [target.name, ...figure(target), isMet(target) ? 'met' : 'MISSED']),
      },
    ],
  };
}
