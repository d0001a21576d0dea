import type { Bar, Chart, Group } from './chart.js';

/** Returns every figure of a chart in words, for a reader who does not see the chart. */
export function describe({ note, groups }: Chart): string {
  return [note, ...groups.map(describeGroup)].join(' ');
}

function describeGroup({ heading, target, bars }: Group): string {
  const figures = `${heading}: ${bars.map(describeBar).join('; ')}.`;
  return target === undefined ? figures : `${figures} The target is ${target}.`;
}

function describeBar({ label, figure, range }: Bar): string {
  return `${label} ${figure}${range ? ` (rounds: ${range.figure})` : ''}`;
}
