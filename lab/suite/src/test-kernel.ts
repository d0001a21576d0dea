// node lab/suite/dist/test-kernel.js [PART...]: runs the kernel suite in the lab, in two guests at the same time. Parts
// that are named run in one guest. The exit code is 0 if all tests have passed. If the lab could not run the suite, it is
// the exit code of the lab. .ci/run sets BLUETAP_RESULTS, and then this program also counts its tests in that file.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countSuite } from '../../../scripts/ci/checks.mjs';
import { clients, debianPackages } from '../../../test/clients/dist/languages.js';
import { Deadline } from '../../dist/deadline.js';
import { LabError } from '../../dist/lab-errors.js';
import { prepareMachine } from '../../dist/prepare-machine.js';
import { halves } from './parts.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const rounds = Number(process.env['BLUETAP_ROUNDS'] || 10);

// The guests start from the same files, so these are made before.
try {
  await prepareMachine(new Deadline(300), ['python3-hid', ...debianPackages.dotnet, 'binutils']);
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(error.message);
  process.exit(125);
}
// The guest sees the files of this machine. It is slow, so the library in C# is compiled here, down to machine code.
const dotnet = join(clients, 'dotnet');
compile('./build.sh', ['--no-tests'], dotnet);
for (const assembly of ['BluetapLib.dll', 'bluetap.exe']) compile('mono', ['--aot', assembly], join(dotnet, 'bin'));

const chosen = process.argv.slice(2);
const guests = chosen.length > 0 ? [chosen] : halves;
const codes = await Promise.all(guests.map(runGuest));
process.exitCode = codes.find((code) => code !== 0) ?? 0;

function compile(program: string, args: readonly string[], cwd: string): void {
  execFileSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Runs parts of the suite in a guest of their own, and counts their tests. Returns the exit code. */
async function runGuest(parts: readonly string[]): Promise<number> {
  // The time limit is long enough for a busy machine. It ends a suite that hangs.
  const lab = [here('../../dist/main.js'), '--timeout', String(480 + rounds * 30)];
  const suite = ['node', `--test-reporter=${here('test-reporter.js')}`, here('main.js'), ...parts];
  const run = spawn(process.execPath, [...lab, ...suite], { stdio: ['ignore', 'pipe', 'inherit'] });
  // A signal of a terminal or of .ci/run goes to the lab, and the lab ends its guest.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => run.kill(name));

  let told = '';
  run.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    // Two guests at the same time would mix their lines.
    if (guests.length === 1) process.stdout.write(text);
  });
  const [code] = await once(run, 'close');
  if (guests.length > 1) process.stdout.write(`\n${parts.join(', ')}\n${told}`);
  const [, passed, failed] = /^kernel suite: (\d+) passed, (\d+) failed\n$/m.exec(told) ?? [];
  if (passed) countSuite({ passed: Number(passed), failed: Number(failed) }, told);
  return code ?? 1;
}
