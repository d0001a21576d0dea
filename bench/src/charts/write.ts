import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Section } from '../tables/table.js';
import { chartsOf } from './charts-of.js';
import { svg } from './svg.js';

/**
 * Writes the charts of the sections as `NAME.svg` into a folder. Creates the folder if it does not exist.
 * @param base The folder of the page that shows the charts.
 * @returns The lines of Markdown that show the charts, each with the main figures as alternative text.
 * @throws Error if no section has a chart.
 */
export function writeCharts(sections: readonly Section[], folder: string, base: string): string[] {
  const charts = chartsOf(sections);
  if (charts.length === 0)
    throw new Error('it has no table that npm run bench prints and a chart shows: print one with it');
  mkdirSync(folder, { recursive: true });
  return charts.map((chart) => {
    const file = join(folder, `${chart.name}.svg`);
    writeFileSync(file, svg(chart));
    return `![${chart.alt}](${relative(base, file).replaceAll('\\', '/')})`;
  });
}
