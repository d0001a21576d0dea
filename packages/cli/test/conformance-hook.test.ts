import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { shellHook } from '../src/conformance/hook.js';
import { readNdef } from '../src/conformance/ndef.js';
import { temporaryFolder } from './cli.js';

/** A hook that runs this program in Node. The action is its only argument, `process.argv[1]`. */
function hookOf(program: string) {
  const told: string[] = [];
  const hook = shellHook(`'${process.execPath}' -e "${program}"`, (line) => told.push(line));
  return {
    told,
    hook: (action: Parameters<typeof hook>[0], signal = new AbortController().signal) => hook(action, signal),
  };
}

const bytes = (...values: number[]) => Uint8Array.from(values);

test.each([
  ['', undefined],
  ['  \n', undefined],
  ['d101', bytes(0xd1, 0x01)],
  ['D1 01\n02:03\n', bytes(0xd1, 1, 2, 3)],
  ['none\n', bytes()],
  ['{"read":true,"ndef":"d101"}\n', bytes(0xd1, 1)],
  ['{"read":false}', bytes()],
  ['{"snapshot":{}}', undefined],
])('a tap that prints %j', (printed, ndef) => {
  expect(readNdef(printed)).toEqual(ndef);
});

test.each([
  ['hello', '"h" at position 1 is not a hex digit'],
  ['d10', 'it ends in the middle of a byte'],
  ['{"ndef":1}', 'its "ndef" is not a string'],
  ['{"ndef":"x"}', '"x" at position 1 is not a hex digit'],
  ['{"ndef"', 'it begins as JSON'],
])('a tap that prints %j is refused', (printed, message) => {
  expect(() => readNdef(printed)).toThrow(message);
});

test('the action is one more argument, and only a tap is read', async () => {
  const { hook, told } = hookOf(
    "console.error('it is', process.argv[1]); console.log(process.argv[1] === 'tap' ? 'd1' : 'x')",
  );
  expect(await hook('tap')).toEqual({ ndef: bytes(0xd1) });
  expect(await hook('power-cycle')).toEqual({});
  expect(told).toEqual(['it is tap', 'it is power-cycle']);
});

test('the environment passes through', async () => {
  vi.stubEnv('BLUETAP_CONTROL', 'abcd');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await hookOf('console.log(process.env.BLUETAP_CONTROL)').hook('tap')).toEqual({ ndef: bytes(0xab, 0xcd) });
});

test.each<[what: string, program: string, message: string | RegExp]>([
  ['fails', "console.error('no relay\\n'); process.exitCode = 3", /tap" failed with exit code 3: no relay\.$/],
  ['ends by a signal', "process.kill(process.pid, 'SIGKILL')", 'SIGKILL'],
  [
    'prints nonsense',
    "console.log('hi\\u001b')",
    /tap" printed "hi\\u001b": "h" at position 1 is not a hex digit\. It must/,
  ],
  ['prints without end', "setInterval(() => console.log('d1'.repeat(9999)))", 'printed more than 64 KiB'],
  ['complains without end', "setInterval(() => console.error('d1'.repeat(9999)))", 'printed more than 64 KiB'],
])('a hook that %s', async (_, program, message) => {
  await expect(hookOf(program).hook('tap')).rejects.toThrow(message);
});

test('a command that does not exist', async () => {
  const hook = shellHook('bluetap-no-such-command', () => {});
  await expect(hook('tap', new AbortController().signal)).rejects.toThrow(
    /^The hook "bluetap-no-such-command tap" failed/,
  );
});

test('a hook that hangs is killed with everything that it started', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const file = join(temporaryFolder(), 'pid');
  const child = btoa(`require('node:fs').writeFileSync('${file}', String(process.pid)); setInterval(() => {}, 1000)`);
  const { hook } = hookOf(`require('node:child_process').spawnSync(process.execPath, ['-e', atob('${child}')])`);
  const ended = expect(hook('fault')).rejects.toThrow(/fault" did not end within 30 s, so it was killed\.$/);
  const pid = await processIn(file);
  vi.advanceTimersByTime(30_000);
  await ended;
  await gone(pid);
});

test('an aborted run kills the hook', async () => {
  const file = join(temporaryFolder(), 'pid');
  const { hook } = hookOf(
    `require('node:fs').writeFileSync('${file}', String(process.pid)); setInterval(() => {}, 1000)`,
  );
  const stop = new AbortController();
  const ended = expect(hook('fault', stop.signal)).rejects.toThrow('Stopped by SIGINT.');
  const pid = await processIn(file);
  stop.abort(new Error('Stopped by SIGINT.'));
  await ended;
  await gone(pid);
  await expect(hook('tap', stop.signal)).rejects.toThrow('Stopped by SIGINT.');
});

test('a program that the hook leaves running does not hold it', async () => {
  const { hook } = hookOf(
    "require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], { stdio: 'inherit', detached: true }).unref(); console.log('d1')",
  );
  expect(await hook('tap')).toEqual({ ndef: bytes(0xd1) });
});

/** Waits until the file has the number of a process. It asks again and again, and assumes no time. */
async function processIn(file: string): Promise<number> {
  for (;;) {
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (pid > 0) return pid;
    await new Promise(setImmediate);
  }
}

/** Waits until the process is gone. It asks again and again, and assumes no time. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise(setImmediate);
  }
}
