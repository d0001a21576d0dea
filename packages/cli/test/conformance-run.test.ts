import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { CaseResult, ConformanceReport } from '@bluetap/conformance';
import { duplicateReplies, Emulator } from '@bluetap/emulator';
import { listen } from '@bluetap/emulator/node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CaseLines } from '../src/conformance/text.js';
import { call, type Ended, emulate, main, Running, run, start, temporaryFolder } from './cli.js';

const node = `'${process.execPath}' '${main}'`;

/** An emulated device in this process, at a TCP socket. */
async function device(): Promise<{ emulator: Emulator; transport: string[] }> {
  const emulator = new Emulator();
  onTestFinished(() => emulator.close());
  const { address } = await listen(emulator, { tcp: '127.0.0.1:0' });
  return { emulator, transport: ['--transport', address] };
}

/** The options for report files in a new folder, and the function that reads them. */
function reports() {
  const folder = temporaryFolder();
  const [json, junit] = [join(folder, 'report.json'), join(folder, 'report.xml')];
  return {
    options: ['--json', json, '--junit', junit],
    read: () => ({
      report: JSON.parse(readFileSync(json, 'utf8')) as ConformanceReport,
      xml: readFileSync(junit, 'utf8'),
    }),
  };
}

test('an emulated device in another process, steered by "bluetap device" as the hook', async () => {
  const { ready } = await emulate(['--tcp', '127.0.0.1:0', '--control']);
  const { options, read } = reports();
  const only = ['--only', 'R-55', '--only', 'R-44', '--only', 'R-47'];
  const ended = await run(['conformance', '--transport', ready.tcp, '--hook', `${node} device`, ...only, ...options], {
    BLUETAP_CONTROL: ready.control,
  });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).toMatch(/^proven {10}the tag holds one URI, .* \(R-55, R-42\)$/m);
  expect(ended.stdout).toMatch(/^proven {10}a fault ends the live payment link \(/m);
  expect(ended.stdout).toMatch(/^proven {10}the tag is blank after a start \(R-47\)$/m);
  expect(ended.stdout).toMatch(
    /\n\ndevice transport tcp:.*, serialNumber EMU-0001, .*\n\nanswer times of .*\n4 proven, 0 failed, 0 not applicable, in .* s\n$/,
  );
  const { report, xml } = read();
  expect(report).toMatchObject({ side: 'device', ending: 'complete', counts: { proven: 4, failed: 0 } });
  expect(xml).toContain('tests="4" failures="0" errors="0" skipped="0"');
});

test('a device that answers twice: exit code 1, with the bytes, and the rules that are not kept', async () => {
  const { emulator, transport } = await device();
  emulator.use(duplicateReplies());
  const { options, read } = reports();
  const ended = await call(['conformance', '--only', 'R-54', ...transport, ...options]);
  expect(ended).toMatchObject({ code: 1, stderr: '' });
  expect(ended.stdout).toMatch(/^failed {10}several requests in one write/);
  expect(ended.stdout).toMatch(/\n {4}expected: answers with the sequences 1, 2, 3, 4, 5\n/);
  expect(ended.stdout).toMatch(/ ms => 00[\da-f]+00\n/);
  expect(ended.stdout).toContain('\nR-54 is not kept: ');
  const { report, xml } = read();
  expect(report.cases[0]).toMatchObject({ verdict: 'failed', rules: ['R-2', 'R-54'] });
  expect(xml).toContain('<failure ');
});

test('--json without a file prints the report and no text', async () => {
  const { code, stdout } = await call(['conformance', '--transport', 'emulator', '--only', 'R-20', '--json']);
  expect(code).toBe(0);
  expect(stdout.match(/\n/g)).toHaveLength(1);
  expect(JSON.parse(stdout)).toMatchObject({ format: 1, subject: { transport: 'emulator' }, counts: { failed: 0 } });
});

test('no device: exit code 3 with the reason once, and the report is kept', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const { options, read } = reports();
  const ended = await call(['conformance', '--transport', `tcp://127.0.0.1:${port}`, ...options]);
  expect(ended).toMatchObject({ code: 3, stderr: '' });
  expect(ended.stdout).toMatch(/\nnot applicable {2}\d+ more, for the same reason\n/);
  expect(ended.stdout).toMatch(/\nno-device: nothing listens at tcp:.*\n0 proven, 0 failed, /);
  expect(read().report).toMatchObject({ ending: 'no-device', counts: { proven: 0, failed: 0 } });
  expect(read().xml).toContain('<error type="no-device"');
});

/** Starts a run on the device, and waits until its first case has ended. */
async function started(args: readonly string[]): Promise<Running> {
  const running = start(['conformance', ...args]);
  await running.line();
  return running;
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the run with a CANCEL, and the report is kept', async (signal) => {
  const { emulator, transport } = await device();
  const { options, read } = reports();
  const running = await started([...transport, ...options]);
  const ended = await running.stop(signal);
  expect(ended).toMatchObject({ code: 3, signal: null, stderr: '' });
  expect(ended.stdout).toContain('\nstopped: ');
  expect(read().report).toMatchObject({ ending: 'stopped', counts: { failed: 0 } });
  expect(read().xml).toContain('<error type="stopped"');
  expect(emulator.snapshot.state).not.toBe('ready');
});

test('the device goes away in the middle: the run ends, and the report is kept', async () => {
  const { emulator, transport } = await device();
  const { options, read } = reports();
  const running = await started([...transport, ...options]);
  await emulator.close();
  const ended = await running.ended;
  expect([1, 3]).toContain(ended.code);
  expect(ended.stdout).toContain('\nno-device: ');
  expect(read().report.ending).toBe('no-device');
});

test('two runs at the same time: the run that notices it ends with exit code 3', async () => {
  const { transport } = await device();
  const first = await started(transport);
  const second = start(['conformance', ...transport]);
  const { code, stdout } = await first.ended;
  expect({ code, stdout }).toMatchObject({ code: 3, stdout: expect.stringContaining('\nanother-host: ') });
  // It has noticed the end of the first run, or it is still running.
  expect(await second.stop('SIGINT')).toMatchObject({ code: 3 });
});

test.skipIf(!existsSync('/dev/full'))(
  'a report that cannot be written at the end: exit code 1 instead of 0',
  async () => {
    const ended = await call(['conformance', '--transport', 'emulator', '--only', 'R-20', '--junit', '/dev/full']);
    expect(ended).toMatchObject({ code: 1, stdout: expect.stringContaining(' 0 failed, ') });
    expect(ended.stderr).toMatch(
      /^bluetap: --junit: "\/dev\/full" cannot be written: ENOSPC.* The report is lost there\.\n$/,
    );
  },
);

test('a hook that fails makes its cases not applicable, and says why', async () => {
  const hook = `${node} device --control 127.0.0.1:1`;
  const ended = await run(['conformance', '--transport', 'emulator', '--only', 'R-55', '--hook', hook]);
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringMatching(/^hook: bluetap: --control must be /) });
  expect(ended.stdout).toMatch(/^not applicable {2}the tag holds .* failed with exit code 64: /);
});

describe('--ask', () => {
  /** Runs it in a terminal, and types the same answer to each prompt. */
  async function asked(answer: string): Promise<Ended> {
    const shell = `${node} conformance --transport emulator --only R-55 --ask`;
    const running = new Running('script', ['-qefc', shell, '/dev/null'], { env: { SHELL: '/bin/sh', TERM: 'dumb' } });
    running.child.stdout?.on('data', (text: string) => {
      if (/type n\. \(25 s\)/.test(text)) running.child.stdin?.write(answer);
    });
    return running.ended;
  }

  test('a person who cannot do it', async () => {
    const { code, stdout } = await asked('n\n');
    expect(code).toBe(0);
    expect(stdout).toContain('Hold a phone at the device until it has read the tag.');
    expect(stdout).toMatch(/not applicable {2}the tag holds .* The person at the terminal cannot do this: tap/);
  });

  test('a person who types what the phone has read', async () => {
    const { code, stdout } = await asked('xyz\nd1010155\n');
    expect(stdout).toContain('This is no NDEF message in hex: "x" at position 1 is not a hex digit. Type it again.');
    expect(stdout).toMatch(/failed {10}the tag holds /);
    expect(code).toBe(1);
  });
});

describe('--host', () => {
  test('our own command keeps the rules of a call that is wrong, and of a report', async () => {
    const ended = await call(['conformance', '--host', '--only', 'R-85', '--', process.execPath, main]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^proven {10}a PAY with an unknown payment method \(R-85\)\n/);
    expect(ended.stdout).toMatch(/\nhost command .*main\.js, /);
  });

  test('a program that does not exist', async () => {
    const ended = await call(['conformance', '--host', '--only', 'R-85', '--', 'bluetap-no-such-command']);
    expect(ended).toMatchObject({ code: 3, stderr: '' });
    expect(ended.stdout).toContain('could not be started');
  });
});

test('cases with the same reason have eight lines, and then a count', () => {
  const told: string[] = [];
  const lines = new CaseLines((line) => told.push(String(line)));
  const result = (at: number, why?: string): CaseResult => {
    const verdict = why === undefined ? 'proven' : 'not applicable';
    return { name: `case ${at}\u001b`, rules: ['R-1'], verdict, did: '', expected: '', bytes: [], ...(why && { why }) };
  };
  for (let at = 1; at <= 10; at++) lines.add(result(at, 'no hook'));
  lines.add(result(11));
  lines.add(result(12, 'no hook'));
  lines.end();
  expect(told).toEqual([
    ...Array.from({ length: 8 }, (_, at) => `not applicable  case ${at + 1}\\u001b (R-1): no hook`),
    'not applicable  2 more, for the same reason',
    'proven          case 11\\u001b (R-1)',
    'not applicable  case 12\\u001b (R-1): no hook',
  ]);
});
