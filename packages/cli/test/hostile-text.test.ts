import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Transport } from '@bluetap/transport';
import { TransportError } from '@bluetap/transport';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { jsonLine } from '../src/output/output.js';
import { columns, table } from '../src/output/table.js';
import { hanging, lines, padded, painted, shown, text } from '../src/output/text.js';
import { Failure } from '../src/process/exit-code.js';
import { call, root, temporaryFolder } from './cli.js';

afterEach(() => void vi.unstubAllEnvs());

/** Characters that clear the screen, forge a line, change the direction of writing, or ring the bell. */
const HOSTILE = 'X\u001b[2J\nFORGED\r\u009b31m\u202eabc\u2028FORGED\u0007\u0000\tY\u{e0001}';
/** The same without NUL, for places where the system refuses NUL. */
const HOSTILE_PATH = HOSTILE.replace('\u0000', '');

/** Makes a transport that lists devices with hostile text in every property, and opens none of them. */
function hostile(name: string, count: number): Transport {
  const devices = Array.from({ length: count }, (_, at) => ({
    id: `${name}${at}${HOSTILE}`,
    serialNumber: `${at}${HOSTILE}`,
    product: HOSTILE,
    path: `/dev/${at}${HOSTILE}`,
    interface: HOSTILE,
  }));
  return {
    name,
    list: async () => devices,
    open: async ({ id }) => {
      throw new TransportError('io', `${id} cannot be opened: ${HOSTILE}`);
    },
  };
}

const failing: Transport = {
  ...hostile('serial', 0),
  list: async () => {
    throw new TransportError('missing-library', `serialport did not load (${HOSTILE})`);
  },
};
const twoDevices = () => [hostile('hid', 2), failing];
const oneDevice = () => [hostile('hid', 1)];

/** Fails for each character that controls a terminal, and for each line that bluetap did not write. */
function expectHarmless(output: string): void {
  expect(output).not.toBe('');
  expect([...output].filter((each) => each !== '\n' && /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(each))).toEqual([]);
  expect(output).not.toMatch(/^FORGED/m);
}

/** The same as `call`, for a command that runs until its output is closed. */
async function callUntilUnread(args: readonly string[]) {
  const listeners = process.stdout.listenerCount('error');
  let ended = false;
  const calling = call(args, twoDevices).finally(() => {
    ended = true;
  });
  while (!ended) {
    await new Promise((resolve) => setImmediate(resolve));
    if (process.stdout.listenerCount('error') > listeners) process.stdout.emit('error', new Error('nobody reads'));
  }
  return calling;
}

describe('(C-16) text from a device, a file or an argument does not control a terminal', () => {
  test.each([
    [['list']],
    [['list', '--json']],
    [['doctor']],
    [['doctor', '--json']],
    [['pay', '--payment-method', 'TRUEMONEY', '--timeout', '30']],
    [['pay', '--payment-method', 'TRUEMONEY', '--timeout', '30', '--json']],
    [['cancel', '--timeout', '30']],
    [['status', '--timeout', '30']],
    [['status', '--timeout', '30', '--json']],
    [['info', '--timeout', '30', '--device', HOSTILE]],
  ])('%j, with hostile text from devices and from a transport (C-16)', async (args) => {
    for (const hardware of [twoDevices, oneDevice]) {
      const { stdout, stderr } = await call(args, hardware);
      expectHarmless(stdout + stderr);
      expect(stdout + stderr).toContain('\\u001b');
    }
  });

  test.each([[['watch']], [['watch', '--json']], [['watch', '--link']], [['watch', '--link', '--json']]])(
    '%j, too (C-16)',
    async (args) => {
      const { stdout, stderr } = await callUntilUnread(args);
      expectHarmless(stdout + stderr);
      expect(stdout).toContain('\\u001b');
    },
  );

  test.each([
    [[HOSTILE]],
    [[`--${HOSTILE}`]],
    [['pay', `--${HOSTILE}`]],
    [['help', HOSTILE]],
    [['pay', HOSTILE]],
    [['pay', '--amount', '1', '--amount', HOSTILE]],
    [['pay', '--payment-method', HOSTILE]],
    [['pay', '--payment-method', HOSTILE, '--amount', HOSTILE, '--order-id', HOSTILE, '--expiry-time', HOSTILE]],
    [['pay', '--payment-method', 'TRUEMONEY', '--transport', HOSTILE]],
    [['status', '--transport', `tcp://${HOSTILE}`]],
    [['status', '--transport', `unix:${HOSTILE_PATH}`, '--timeout', '30']],
    [['status', '--transport', `serial:${HOSTILE_PATH}`, '--timeout', '30']],
    [['list', '--transport', `unix:${HOSTILE_PATH}`]],
    [['status', '--timeout', HOSTILE]],
    [['status', '--transport', 'emulator', '--device', HOSTILE, '--timeout', '30']],
    [['demo', '--payment-method', HOSTILE]],
    [['demo', '--record', `/nowhere/${HOSTILE_PATH}`]],
    [['watch', '--link', '--transport', 'emulator', '--record', `/nowhere/${HOSTILE_PATH}`]],
    [['encode', 'pay', '--session', HOSTILE, '--sequence', HOSTILE]],
    [['encode', 'hello', '--nonce', HOSTILE]],
    [['decode', HOSTILE]],
    [['vectors', `/nowhere/${HOSTILE_PATH}`]],
    [['udev-rules', '--group', HOSTILE]],
    [['emulate', '--tcp', HOSTILE]],
    [['emulate', '--unix', `/nowhere/${HOSTILE_PATH}`]],
    [['emulate', '--tcp', '127.0.0.1:0', HOSTILE]],
    [['emulate', '--tcp', '127.0.0.1:0', '--model', HOSTILE]],
    [['emulate', '--tcp', '127.0.0.1:0', '--', `/nowhere/${HOSTILE_PATH}`]],
  ])('%j, as an argument (C-16)', async (args) => {
    const { code, stdout, stderr } = await call(args, oneDevice);
    expectHarmless(stdout + stderr);
    expect(args[0] === 'list' || code !== 0).toBe(true);
  });

  test('in BLUETAP_TRANSPORT, and in a file of vectors (C-16)', async () => {
    vi.stubEnv('BLUETAP_TRANSPORT', HOSTILE_PATH);
    const named = await call(['status']);
    expect(named).toMatchObject({ code: 64, stderr: expect.stringContaining('BLUETAP_TRANSPORT must be auto') });
    expectHarmless(named.stderr);
    const file = join(temporaryFolder(), 'v.json');
    const vectors = [{ name: HOSTILE, wire: '00', message: { type: HOSTILE } }];
    writeFileSync(file, JSON.stringify({ format: 'BlueTap frame vectors', version: 1, vectors }));
    const checked = await call(['vectors', file]);
    expect(checked.stdout).toContain('does not hold: X\\u001b[2J\\u000aFORGED');
    expectHarmless(checked.stdout);
    for (const content of [`{${HOSTILE}`, JSON.stringify({ format: HOSTILE }), '{"vectors":']) {
      writeFileSync(file, content);
      expectHarmless((await call(['vectors', file])).stderr);
    }
  });

  test('in an unexpected error; its stack keeps its lines (C-16)', async () => {
    const { code, stderr } = await call(['list'], () => {
      throw new Error(HOSTILE);
    });
    expect(code).toBe(5);
    expectHarmless(stderr);
    expect(stderr).toMatch(/\n {4}at .*hostile-text\.test\.ts/);
  });

  test('JSON keeps its value and is one line of plain characters (C-16)', async () => {
    const value = { name: `${HOSTILE}\u200b\ud800`, list: ['\u007f\u0085', '<>&"\\'] };
    expectHarmless(jsonLine(value));
    expect(JSON.parse(jsonLine(value))).toEqual(JSON.parse(JSON.stringify(value)));
    const { stdout } = await call(['list', '--json'], oneDevice);
    expect(JSON.parse(stdout).transports[0].devices[0]).toMatchObject({ product: HOSTILE });
  });
});

describe('(C-16) a string is escaped, and only a Text has colours and lines', () => {
  const red = (piece: string) => painted(piece, (inner) => `\u001b[31m${inner}\u001b[39m`);

  test('a template, a colour, a list of lines and a table (C-16)', () => {
    expect(shown('a\nb\u001b')).toBe('a\\u000ab\\u001b');
    expect(String(text`1\n${'a\nb'} ${2} ${red('c\u001b')}`)).toBe('1\na\\u000ab 2 \u001b[31mc\\u001b\u001b[39m');
    expect(String(lines(['a\nb', red('c')]))).toBe('a\\u000ab\n\u001b[31mc\u001b[39m');
    expect(String(table([['n', lines(['a', 'b\n'])]]))).toBe('  n  a\n     b\\u000a');
    expect(
      columns([
        ['A', 'B'],
        [red('long'), '\n'],
        ['x', ''],
      ]).map(String),
    ).toEqual(['A     B', '\u001b[31mlong\u001b[39m  \\u000a', 'x']);
    expect(String(padded(red('ab'), 4))).toBe('\u001b[31mab\u001b[39m  ');
    expect(String(hanging('a\nb', 2))).toBe('a\\u000ab');
  });

  test('a forgotten tag is visible and does no harm (C-16)', () => {
    expect(shown(`${red('c')}`)).toBe('\\u001b[31mc\\u001b[39m');
  });

  test('a failure has one line, and a second line only for the help of a command (C-16)', () => {
    const of = (message: string) => String(new Failure(64, message).text);
    expect(of('a\nTry: bluetap encode pay --help')).toBe('a\nTry: bluetap encode pay --help');
    expect(of('a\nb')).toBe('a\\u000ab');
    expect(of('a\nTry: rm -rf / --help')).toBe('a\\u000aTry: rm -rf / --help');
    expect(String(new Failure(64, text`a\n${'b\n'}`).text)).toBe('a\nb\\u000a');
  });

  test('only output.ts writes to the terminal; emulate has its own log (C-16)', () => {
    const folder = join(root, 'packages/cli/src');
    const writing = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/^emulate\/|^commands\/emulate\.ts$|^output\/output\.ts$/.test(name))
      .flatMap((name) => {
        const source = readFileSync(join(folder, name), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
        // Code that only listens to a stream, or asks for its kind, writes nothing.
        const uses =
          source.match(/process\.std(?:out|err)\b(?!\.(?:on|once|off|isTTY)\b)|process\[|\} = process;/g) ?? [];
        const others = source.match(/\bconsole\b|colorsFor|writeSync|_rawDebug|emitWarning/g) ?? [];
        return [...uses, ...others].map((use) => `${name}: ${use}`);
      });
    expect(writing).toEqual([]);
  });
});
