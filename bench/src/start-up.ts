import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { withPublishedPackages } from './published-packages.js';
import { median } from './side-by-side.js';
import { SECTION, TARGET } from './tables/names.js';
import type { Section } from './tables/table.js';

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

const COMMANDS = ['--version', 'pay --transport emulator --payment-method TRUEMONEY'];

/** The bounds of docs/explanation/performance.md, in milliseconds more than an empty Node process. */
const SDK_MS = 10;
const PAY_MS = 60;

/** Measures how much longer a whole Node process takes with a published package than an empty process. */
export function startUp(rounds: number): Section {
  return withPublishedPackages((folder) => {
    const programs: readonly (readonly [name: string, ...args: string[]])[] = [
      ['empty', '--eval', ''],
      ...ENTRIES.map((entry) => {
        const name = `@bluetap/${entry}`;
        return [name, '--input-type=module', '--eval', `import '${name}'`] as const;
      }),
      ...COMMANDS.map((command) => {
        const main = join(folder, 'node_modules/@bluetap/cli/bundle/main.js');
        return [`bluetap ${command}`, main, ...command.split(' ')] as const;
      }),
    ];
    const taken = programs.map((): number[] => []);
    // The first round is not measured. It fills the caches of the system.
    for (let round = -1; round < rounds; round++) {
      for (const [index, [, ...args]] of programs.entries()) {
        const started = performance.now();
        execFileSync(process.execPath, args, { cwd: folder, stdio: 'pipe' });
        if (round >= 0) taken[index]!.push(performance.now() - started);
      }
    }
    const [empty] = taken;
    const more = taken.map((ms) => median(ms.map((value, round) => value - empty![round]!)));
    return {
      title: SECTION.startUp,
      tables: [
        {
          caption: 'A whole Node process with one import, or one command, beside an empty one',
          head: ['', 'ms', 'more than empty, ms'],
          rows: programs.map(([name], index) => [
            name,
            median(taken[index]!).toFixed(0),
            index === 0 ? '' : more[index]!.toFixed(1),
          ]),
        },
      ],
      targets: [
        {
          name: TARGET.importSdk,
          target: SDK_MS,
          atMost: true,
          value: more[1 + ENTRIES.indexOf('sdk')]!,
        },
        {
          name: TARGET.pay,
          target: PAY_MS,
          atMost: true,
          value: more.at(-1)!,
        },
      ],
    };
  });
}
