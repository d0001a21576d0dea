import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { writeCharts } from './charts/write.js';
import { codec } from './codec.js';
import { kernel } from './kernel.js';
import { noise } from './noise.js';
import { size } from './size.js';
import { splitting } from './splitting.js';
import { startUp } from './start-up.js';
import { readSections } from './tables/read-tables.js';
import { isMet, markdown, type Section, targetTable } from './tables/table.js';
import { throughput } from './throughput.js';
import { waiting } from './waiting.js';
import { watched } from './watched.js';

const HELP = `usage: npm run bench [-- --quick] [--kernel] [--strict] [--charts FOLDER]
       npm run bench -- --charts FOLDER --from FILE

Measures the packages beside their peers in one run and prints Markdown: encoding
and decoding, splitting, noise, size, start-up, PayCommands a second, calls that
wait. "2 x" means: it takes twice as long as ours.
  --quick   run a tenth of the rounds, to see that everything works; the figures
            mean little
  --kernel  also measure pay() through a real Linux kernel, in the lab; this
            takes some minutes (lab/README.md says what it needs)
  --charts  write bar charts of the tables into FOLDER, as SVG, and print the
            lines of Markdown that show them
  --from    measure nothing, and draw the tables in FILE, a Markdown file with
            the output of an earlier run
  --strict  exit with 1 if a target is missed; without it, the exit code is 0`;

const { values } = parsed();
if (values.help) console.log(HELP);
else if (values.from === undefined) await bench();
else if (values.charts === undefined) refuse('--from needs --charts FOLDER, which says where the charts go');
else chartsFrom(values.from, values.charts);

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
    () => watched(rounds(40)),
    ...(values.kernel ? [kernel] : []),
  ];
  const processors = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`;
  console.log(`Node ${process.versions.node}, ${process.platform}-${process.arch}, ${processors}\n`);
  const measured: Section[] = [];
  for (const section of sections) {
    const done = await section();
    measured.push(done);
    console.log(`${markdown(done)}\n`);
  }
  const targets = measured.flatMap((section) => section.targets ?? []);
  const last = targetTable(targets);
  console.log(markdown(last));
  if (values.charts !== undefined) showCharts([...measured, last], values.charts, '.');
  if (values.strict && !targets.every(isMet)) process.exitCode = 1;
}

function showCharts(sections: readonly Section[], folder: string, base: string): void {
  console.log(`\n${writeCharts(sections, folder, base).join('\n\n')}`);
}

function chartsFrom(file: string, folder: string): void {
  try {
    showCharts(readSections(readFileSync(file, 'utf8')), folder, dirname(file));
  } catch (error) {
    refuse(`${file} gives no charts: ${(error as Error).message}`);
  }
}

function parsed() {
  try {
    return parseArgs({
      options: {
        quick: { type: 'boolean' },
        kernel: { type: 'boolean' },
        strict: { type: 'boolean' },
        charts: { type: 'string' },
        from: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(why: string): never {
  console.error(`${why}\n\n${HELP}`);
  process.exit(64);
}
