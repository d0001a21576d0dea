// node lab/dist/test-kernel.js [PART...]: runs the kernel suite in the lab. The exit code is 0 if all tests have
// passed. If the lab could not run the suite, it is the exit code of the lab. .ci/run sets BLUETAP_RESULTS, and then
// this program also counts its tests in that file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const rounds = Number(process.env['BLUETAP_ROUNDS'] || 10);

// The time limit is long enough for a busy machine. It ends a suite that hangs.
const lab = [here('main.js'), '--timeout', String(420 + rounds * 30), '--package', 'python3-hid'];
const suite = ['node', `--test-reporter=${here('../suite/dist/test-reporter.js')}`, here('../suite/dist/main.js')];
const run = spawn(process.execPath, [...lab, ...suite, ...process.argv.slice(2)], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
// A signal of a terminal or of .ci/run goes to the lab, and the lab ends its guest.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => run.kill(name));

let told = '';
run.stdout.on('data', (bytes) => {
  process.stdout.write(bytes);
  told += bytes;
});
const [code] = await once(run, 'close');
const [, passed, failed] = /^kernel suite: (\d+) passed, (\d+) failed\n$/m.exec(told) ?? [];
const results = process.env['BLUETAP_RESULTS'];
if (results && passed) appendFileSync(results, `passed ${passed}\nfailed ${failed}\n`);
process.exitCode = code ?? 1;
