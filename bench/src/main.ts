import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { codec } from './codec.js';

import { kernel } from './kernel.js';
import { noise } from './noise.js';
import { size } from './size.js';
import { splitting } from './splitting.js';
import { startUp } from './start-up.js';
import { isMet, markdown, type Section, targetTable } from './tables/table.js';
import { throughput } from './throughput.js';
import { waiting } from './waiting.js';

const HELP = `usage: npm run bench [-- --quick] [--kernel]

Measures the packages beside their peers in one run, as Markdown on stdout: encoding and decoding, splitting, noise, size,
start-up, PayCommands a second, calls that wait. Ratios hold where times drift; "2 x" takes twice as long as ours.
  --quick   a tenth of the rounds: shows that all of it works, its figures mean little
  --kernel  beside that, pay() through a real Linux kernel, in the lab (lab/README.md tells what it needs): some minutes
Exits 0 whether the targets are met or not, unless --strict is given.
  --strict  exit 1 when a target is missed`;

const { values } = parsed();
if (values.help) console.log(HELP);
else await bench();

async function bench(): Promise<void> {
  const rounds = (full: number) => (values.quick ? Math.ceil(full / 10) : full);
  const sections: (() => Section | Promise<Section>)[] = [
    () => codec(rounds(200)),
    () => splitting(rounds(100)),
    noise,
    size,
    () => startUp(rounds(21)),
    () => throughput(rounds(20)),
    () => waiting(rounds(10)),
    ...(values.kernel ? [kernel] : []),
  ];
  const processors = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`;
  console.log(`Node ${process.versions.node}, ${process.platform}-${process.arch}, ${processors}\n`);
  const targets = [];
  for (const section of sections) {
    const done = await section();
    targets.push(...(done.targets ?? []));
    console.log(`${markdown(done)}\n`);
  }
  console.log(markdown(targetTable(targets)));
  if (values.strict && !targets.every(isMet)) process.exitCode = 1;
}

function parsed() {
  try {
    return parseArgs({
      options: {
        quick: { type: 'boolean' },
        kernel: { type: 'boolean' },
        strict: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(64);
  }
}
