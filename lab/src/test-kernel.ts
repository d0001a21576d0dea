// node lab/dist/test-kernel.js [PART...]: runs the kernel suite in the lab. Its exit code is 0 when all has passed, and the
// lab's own when that could not run it. In .ci/run, which sets BLUETAP_RESULTS, it counts its tests there too.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const rounds = Number(process.env['BLUETAP_ROUNDS'] || 10);

// Enough for a machine that does other things besides; a suite that hangs is ended by it.
const lab = [here('main.js'), '--timeout', String(420 + rounds * 30), '--package', 'python3-hid'];
const suite = ['node', `--test-reporter=${here('../suite/dist/test-reporter.js')}`, here('../suite/dist/main.js')];
const run = spawn(process.execPath, [...lab, ...suite, ...process.argv.slice(2)], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
// What a terminal or .ci/run sends goes to the lab, which ends its guest.
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
