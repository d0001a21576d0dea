import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator, ignoreRequests } from '@bluetap/emulator';
import { listen } from '@bluetap/emulator/node';
import { expect, onTestFinished, test } from 'vitest';
import { call, main, Running, start, temporaryFolder } from './cli.js';

const node = `'${process.execPath}' '${main}'`;

test('SIGHUP ends emulate cleanly (C-33)', async () => {
  const unix = join(temporaryFolder(), 'a.sock');
  const running = start(['emulate', '--unix', unix, '--json']);
  await running.event();
  expect(await running.stop('SIGHUP')).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(existsSync(unix)).toBe(false);
});

test('SIGHUP while a PAY is in doubt prints the doubt (C-33)', async () => {
  let sent = () => {};
  const paySent = new Promise<void>((resolve) => {
    sent = resolve;
  });
  const emulator = new Emulator({
    onEvent: (event) => event.event === 'message' && event.message.type === 'PAY' && sent(),
  });
  onTestFinished(() => emulator.close());
  emulator.use(ignoreRequests(Number.POSITIVE_INFINITY, { type: 'PAY' }));
  const { address } = await listen(emulator, { tcp: '0' });
  const paying = start([
    'pay',
    '--payment-method',
    'TRUEMONEY',
    '--json',
    '--timeout',
    '60000',
    '--transport',
    address,
  ]);
  await paySent;
  const ended = await paying.stop('SIGHUP');
  expect(ended).toMatchObject({ code: 5, signal: null });
  expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: 'unknown', error: { message: expect.any(String) } });
});

/** Starts a command in a new terminal. If the process is killed, the terminal closes. */
function terminal(shell: string, cwd: string): Running {
  const running = new Running('script', ['-qefc', shell, '/dev/null'], {
    cwd,
    env: { SHELL: '/bin/sh', TERM: 'dumb' },
  });
  return running;
}

/** Waits until a file contains a string. It asks again and again, and assumes no time. */
async function contents(file: string, wanted: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const found = existsSync(file) ? wanted.exec(readFileSync(file, 'utf8')) : null;
    if (found) return found;
    await new Promise(setImmediate);
  }
}

async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise(setImmediate);
  }
}

test('a closed terminal ends emulate, and its socket is removed (C-33)', async () => {
  const folder = temporaryFolder();
  const running = terminal(`exec ${node} emulate --unix a.sock --json 2>&1 | tee log`, folder);
  const [, pid] = await contents(join(folder, 'log'), /"pid":(\d+)/);
  onTestFinished(() => endIfThere(Number(pid)));
  running.child.kill('SIGKILL');
  await untilGone(Number(pid));
  expect(existsSync(join(folder, 'a.sock'))).toBe(false);
});

test('under nohup, emulate runs longer than its terminal (C-33)', async () => {
  const folder = temporaryFolder();
  // When a terminal closes, its shell also sends SIGHUP to its jobs.
  const running = terminal(`nohup ${node} emulate --tcp 0 --json; true`, folder);
  const [, pid, tcp] = await contents(join(folder, 'nohup.out'), /"pid":(\d+).*"tcp":"([^"]*)"/);
  onTestFinished(() => endIfThere(Number(pid)));
  running.child.kill('SIGKILL');
  await running.ended;
  process.kill(Number(pid), 'SIGHUP');
  expect(await call(['info', '--transport', tcp!])).toMatchObject({ code: 0 });
  process.kill(Number(pid), 'SIGTERM');
  await untilGone(Number(pid));
});

test('nohup is recognised by the name in the variable _ if no stream is a terminal (C-33)', async () => {
  const shell = `nohup ${node} emulate --tcp 0 --json </dev/null & wait`;
  const running = new Running('bash', ['-c', shell]);
  const { pid, tcp } = await running.event();
  onTestFinished(() => endIfThere(pid));
  process.kill(pid, 'SIGHUP');
  expect(await call(['info', '--transport', tcp])).toMatchObject({ code: 0 });
  process.kill(pid, 'SIGTERM');
  expect(await running.ended).toMatchObject({ code: 0 });
});

function endIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has ended, as expected.
  }
}
