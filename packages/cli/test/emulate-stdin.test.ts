import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { BoundedLines } from '../src/emulate/bounded-lines.js';
import { OrderlyLog } from '../src/emulate/log.js';
import { MAX_LINE_BYTES, readStdin } from '../src/emulate/stdin.js';
import { call, emulate, main, Running, start, temporaryFolder } from './cli.js';

/** Asks the device again and again, until the pipe has been open long enough to count as held. */
async function untilHeld(tcp: string): Promise<void> {
  for (const ready = performance.now(); performance.now() - ready < 300; ) {
    expect(await call(['info', '--transport', tcp])).toMatchObject({ code: 0 });
  }
}

test.each([['--json'], []])('(C-31) emulate %s ends when a pipe that a process held ends', async (...options) => {
  const unix = join(temporaryFolder(), 'a.sock');
  const running = start(['emulate', '--unix', unix, '--tcp', '0', ...options]);
  const tcp = await listener(running);
  await untilHeld(tcp);
  running.child.stdin!.end(options.length > 0 ? '{"do":"tap","id":"the last one"}' : 'u\n');
  const ended = await running.ended;
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  if (options.length > 0) expect(ended.stdout).toContain('the last one');
  expect(ended.stdout).not.toContain('unplugged');
  expect(existsSync(unix)).toBe(false);
});

/** Returns the TCP address, which is printed with and without --json. */
async function listener(running: Running): Promise<string> {
  for (;;) {
    const [address] = /tcp:\/\/[\d.]+:\d+/.exec(await running.line()) ?? [];
    if (address) return address;
  }
}

/** Starts emulate with the given kind of stdin, prints the id of its process, and runs until it is killed. */
const PARENT = `
  const { spawn } = require('node:child_process');
  const [stdin, ...args] = process.argv.slice(1);
  const child = spawn(process.execPath, args, { stdio: [stdin, 'inherit', 'inherit'] });
  console.log(child.pid);
  setInterval(() => {}, 1e6);`;

test.each([[['--json']], [[]]])('(C-31) emulate %j ends when its parent is killed', async (options) => {
  const unix = join(temporaryFolder(), 'a.sock');
  const parent = new Running(process.execPath, ['-e', PARENT, 'pipe', main, 'emulate', '--unix', unix, ...options]);
  const pid = Number(await parent.line());
  onTestFinished(() => endIfThere(pid));
  while (!(await parent.line()).includes(unix));
  parent.child.kill('SIGKILL');
  // emulate has the same stdout, so this also waits until emulate ends.
  await parent.ended;
  expect(existsSync(unix)).toBe(false);
});

function endIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has ended, as expected.
  }
}

test.each([
  ['/dev/null', () => openSync('/dev/null', 'r')],
  ['a file', () => openSync(main, 'r')],
  ['a pipe that was at its end from the start', () => 'pipe' as const],
])('(C-31) %s as stdin ends nothing', async (_, stdin) => {
  const running = start(['emulate', '--tcp', '0', '--json'], { stdio: [stdin(), 'pipe', 'pipe'] });
  running.child.stdin?.end('{"do":"tap","id":1}\n');
  const { tcp } = await running.event();
  await untilHeld(tcp);
  expect(await running.stop()).toMatchObject({ code: 0, signal: null, stderr: '' });
});

test('(C-31) with COMMAND, only the command has stdin, and the end of stdin ends nothing', async () => {
  const code = 'process.stdin.on("end", () => console.log("ended")).resume(); setInterval(() => {}, 1e6)';
  const running = start(['emulate', '--tcp', '0', '--', process.execPath, '-e', code]);
  running.child.stdin!.end();
  expect(await running.line()).toBe('ended');
  expect(running.child.exitCode).toBe(null);
  expect(await running.stop()).toMatchObject({ signal: null });
});

test('a line that is too long is left out with an error, and the next lines are obeyed (bounds)', async () => {
  const { running } = await emulate(['--tcp', '0']);
  const long = 'x'.repeat(MAX_LINE_BYTES + 1);
  running.child.stdin!.write(`{"do":"tap","id":1}\n${long}`);
  expect(await running.event()).toMatchObject({ event: 'done', id: 1 });
  const message = 'a line of more than 65536 bytes was left out';
  expect(await running.event()).toMatchObject({ event: 'error', message });
  running.child.stdin!.write(`${long}{"do":"tap","id":2}\n{"do":"tap","id":3}\n`);
  expect(await running.event()).toMatchObject({ event: 'done', id: 3 });
  await running.stop();
});

test('lines can arrive in any pieces; the longest line that is kept, and the shortest that is not (bounds)', () => {
  const seen: string[] = [];
  const lines = new BoundedLines(
    4,
    (line) => seen.push(line),
    () => seen.push('too long'),
  );
  for (const byte of Buffer.from('a\r\nabcd\nabcde\n\n12345678\n\xe4\n')) lines.push(Uint8Array.of(byte));
  lines.push(Buffer.from('1\n2\n3'));
  expect(seen).toEqual(['a', 'abcd', 'too long', 'too long', 'ä', '1', '2']);
  lines.end();
  lines.end();
  expect(seen.at(-1)).toBe('3');
  expect(seen).toHaveLength(8);
});

test('nothing is read while a megabyte of answers waits, and every command gets an answer (bounds)', async () => {
  const stdin = new PassThrough();
  let written = 0;
  let read = () => {};
  const answers = new Writable({
    write(chunk: Buffer, _encoding, taken) {
      written += chunk.length;
      read = taken;
    },
  });
  let lines = 0;
  const stop = readStdin({
    onLine: () => {
      lines++;
      answers.write('y'.repeat(1024));
    },
    onTooLong: () => {},
    onLetGo: () => {},
    answers,
    stdin,
  });
  const total = 100_000;
  for (let sent = 0; sent < total; sent += 500) stdin.write('x\n'.repeat(500));
  stdin.end();
  const settle = async () => {
    for (let before = -1; before !== lines; ) {
      before = lines;
      await setImmediate();
    }
  };
  await settle();
  expect(lines).toBeLessThan(total);
  // A megabyte, and the answers to the last piece that was read.
  expect(answers.writableLength).toBeLessThan((1 << 20) + 501 * 1024);
  expect(stdin.isPaused()).toBe(true);
  while (lines < total || answers.writableLength > 0) {
    read();
    await setImmediate();
  }
  expect(written).toBe(total * 1024);
  stop();
  expect([stdin.listenerCount('data'), answers.listenerCount('drain')]).toEqual([0, 0]);
});

test('events before ready are kept up to a bound, and further events are counted (bounds)', () => {
  const told: unknown[] = [];
  const log = new OrderlyLog({
    ready: () => told.push('ready'),
    event: (event) => told.push(event),
    skipped: (count) => told.push(count),
    answer: (answer) => told.push(answer),
  });
  for (let count = 0; count < 2500; count++) log.event({ event: 'plug' }, 'A');
  const snapshot = { simulated: true, serialNumber: 'A', plugged: true, state: 'idle', taps: 0 } as const;
  log.ready([snapshot], []);
  expect(told).toHaveLength(1002);
  expect([told[0], told[1000], told[1001]]).toEqual(['ready', { event: 'plug' }, 1500]);
  log.event({ event: 'plug' }, 'A');
  log.end();
  log.event({ event: 'plug' }, 'A');
  expect(told).toHaveLength(1003);
});

const IN_PROCESS = `
  import { Client } from '@bluetap/sdk';
  import { Emulator } from '@bluetap/emulator';
  const emulator = new Emulator();
  const client = new Client({ transport: emulator.transport(), allowSimulated: true });
  const { code } = await client.pay({ paymentMethod: 'TRUEMONEY' });
  console.log(code, emulator.snapshot.state);
  await client.close();`;

test('(C-31) an emulator that was not closed does not keep a finished program running', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', IN_PROCESS], {
    cwd: join(main, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdout.setEncoding('utf8');
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(said).toBe('SUCCESS ready\n');
});
