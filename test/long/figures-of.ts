import { fileURLToPath } from 'node:url';
import { Child } from './child.js';

export type Figures = Readonly<Record<string, string | number>>;

interface Told {
  readonly figures: Figures;
  readonly problems: readonly string[];
}

/** More time than any program needs. Each program has its own time limit, and then names what it waits for. */
const HOURS_MS = 3_600_000;

/** Runs a program of this folder and prints its figures. Returns its problems. The program must end by itself. */
export async function run(program: string): Promise<readonly string[]> {
  const file = fileURLToPath(new URL(`../../dist/long/programs/${program}.js`, import.meta.url));
  await using child = new Child<Told>(program, ['--expose-gc', file], () => {});
  const { figures, problems } = await child.next('its figures', () => true, HOURS_MS);
  show(program, figures);
  const { code, signal } = await child.ended;
  return code === 0 || problems.length > 0 ? problems : [`${program} ended with ${code ?? signal}. ${child.errors}`];
}

/** Prints a table for people, and for docs/explanation/reliability.md. */
export function show(title: string, figures: Figures): void {
  const width = Math.max(...Object.keys(figures).map(({ length }) => length));
  const rows = Object.entries(figures).map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  console.log(`\n${title}\n${rows.join('\n')}`);
}
