import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configurations, omissions } from './check-lists.js';
import { Promela } from './promela.js';

const model = new Promela(new URL('../delivery.pml', import.meta.url));
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const script = readFileSync(new URL('../check.sh', import.meta.url), 'utf8');

/** The cells of the rows of the table whose first column has this title. */
function table(title: string): readonly (readonly string[])[] {
  const [, rows = ''] = new RegExp(`^\\| ${title} \\|.*\\n\\|-.*\\n((?:\\|.*\\n)+)`, 'm').exec(
    readme.replace(/(\n\| configuration \| bounds)/, '$1'),
  ) ?? ['', ''];
  return rows
    .trim()
    .split('\n')
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
