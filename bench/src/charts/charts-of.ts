import type { Section } from '../tables/table.js';
import type { Chart } from './chart.js';
import { codecChart } from './of-codec.js';
import { kernelChart } from './of-kernel.js';
import { splittingChart } from './of-splitting.js';
import { startUpChart } from './of-start-up.js';
import { waitingChart } from './of-waiting.js';

/** Returns the charts of the sections. A section can have no chart. The figures are the cells of the tables. */
export function chartsOf(sections: readonly Section[]): Chart[] {
  const makers = [codecChart, splittingChart, startUpChart, waitingChart, kernelChart];
  return makers.map((make) => make(sections)).filter((chart) => chart !== undefined);
}
