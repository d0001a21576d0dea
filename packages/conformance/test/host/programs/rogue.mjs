// A host that misbehaves as a process: the first argument says how.
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';

const [, , what] = process.argv;
const stays = () => setInterval(() => {}, 1000);

if (what === 'never-ends') stays();
if (what === 'ignores-signals') {
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) process.on(signal, () => {});
  stays();
}
if (what === 'leaves-a-child') {
  // The child has the same stdout, and lives on when this process has ended.
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
  process.stdout.write(
    `${JSON.stringify({ code: 'DEVICE_DISCONNECTED', outcome: 'not-sent', linkLive: 'no', pid: child.pid })}\n`,
  );
  child.unref();
}
if (what === 'prints-without-end') for (;;) writeSync(1, 'x'.repeat(65_536));
if (what === 'crashes') process.kill(process.pid, 'SIGSEGV');
if (what === 'fails') process.exitCode = 1;
if (what === 'prints-nonsense') process.stdout.write('{"code":\n[1, 2]\n"SUCCESS"\n\u001b[31mnull\n');
