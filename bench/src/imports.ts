import { execFileSync } from 'node:child_process';
import { median } from './side-by-side.js';
import type { Section } from './table.js';

const ENTRIES = [
  'protocol',
  'transport',
  'emulator',
  'sdk',
  'transport-socket',
  'transport-hid',
  'transport-usb',
  'transport-serial',
];

/** How much longer a Node process takes to start and end with one import in it than with none. */
export function imports(rounds: number): Section {
  const programs = ['', ...ENTRIES.map((entry) => `import '@bluetap/${entry}'`)];
  const taken = programs.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, program] of programs.entries()) {
      const started = performance.now();
      execFileSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: import.meta.dirname });
      taken[index]!.push(performance.now() - started);
    }
  }
  const empty = taken[0]!;
  return {
    title: 'Importing a package',
    tables: [
      {
        caption: 'A Node process with one import in it, beside an empty one',
        head: ['', 'ms', 'more than empty, ms'],
        rows: taken.map((ms, index) => [
          index === 0 ? 'empty' : `@bluetap/${ENTRIES[index - 1]}`,
          median(ms).toFixed(0),
          index === 0 ? '' : median(ms.map((value, round) => value - empty[round]!)).toFixed(1),
        ]),
      },
    ],
  };
}
