import { join } from 'node:path';
import { encodeFrame } from '@bluetap/protocol/tools';
import { expect, test } from 'vitest';
import { decodeOne } from '../src/commands/decode.js';
import { parseHex } from '../src/input/hex.js';
import { readVectors, type Vector } from '../src/vectors/vector-file.js';
import { call, main, printed, Running, root, run } from './cli.js';

const vectors = readVectors(join(root, 'vectors/frames.json'));
const named = (name: string): Vector => vectors.find((vector) => vector.name === name)!;

test('decode returns the message or the error of every vector', () => {
  for (const { name, wire, message, error } of vectors) {
    const found = decodeOne(parseHex(wire));
    expect(JSON.parse(JSON.stringify(found.ok ? found.message : found.error)), name).toEqual(message ?? error);
  }
});

test('decode prints the message as one line of JSON', async () => {
  const { wire, message } = named('pay longest');
  const spread = wire.toUpperCase().replaceAll(/..(?=.)/g, '$&: ');
  const [plain, other] = await Promise.all([run(['decode', wire]), run(['decode', spread])]);
  expect(plain).toMatchObject(printed(`${JSON.stringify(message)}\n`));
  expect(other).toMatchObject(printed(plain.stdout));
});

test('decode prints the error object and exits with 1', async () => {
  const damaged = await call(['decode', named('crc big-endian').wire]);
  expect(damaged).toMatchObject({ code: 1, stdout: '{"layer":"frame","code":"crc"}\n' });
  expect(damaged.stderr).toContain('the CRC does not match');

  const wrong = await call(['decode', named("payment method 'Test'").wire]);
  const error = '{"layer":"message","code":"unknown-payment-method","result":"PARAM_ILLEGAL","reason":2}';
  expect(wrong).toMatchObject({ code: 1, stdout: `${error}\n` });
  expect(wrong.stderr).toContain('the payment method is not known');

  const cut = await call(['decode', named('hello').wire.slice(0, -2)]);
  expect(cut).toMatchObject({ code: 1, stdout: '{"layer":"frame","code":"incomplete"}\n' });
  expect(cut.stderr).toContain('its closing delimiter (00) is missing');
});

test.each([
  ['a reply without a field that it must have', 0x82, 1, '100100120101'],
  ['a type of an event that is not known', 0x42, 1, ''],
  ['a reply of another version', 0x82, 2, ''],
])('decode does not say that a device answers %s', async (_, type, version, payload) => {
  const wire = encodeFrame({ version, type, session: 1, sequence: 1, payload: parseHex(payload) });
  const ended = await call(['decode', Buffer.from(wire).toString('hex')]);
  expect(ended).toMatchObject({ code: 1, stdout: expect.stringContaining('"layer":"message"') });
  expect(ended.stderr).toContain('a device drops it without an answer');
  expect(ended.stderr).not.toContain('A device answers');
});

/** Runs a command with a stdout that is full. */
const runFull = (args: readonly string[]) =>
  new Running('sh', ['-c', 'exec "$0" "$@" >/dev/full', process.execPath, main, ...args]).ended;

test.each([['decode', named('hello').wire], ['udev-rules']])(
  '%s prints an error if its answer could not be written, and exits with 1',
  async (...args) => {
    const { code, stderr } = await runFull(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^bluetap: stdout could not be written.*no space left.*\n$/i);
  },
);

test('a PAY keeps its exit code if its answer could not be written, because the code is still true', async () => {
  const pay = ['pay', '--transport', 'emulator', '--payment-method', 'TRUEMONEY', '--json'];
  const { code, stderr } = await runFull(pay);
  expect(code).toBe(0);
  expect(stderr).toContain('stdout could not be written');
});

test.each([
  ['', 1, 'There is no frame in 0 bytes'],
  ['00', 1, 'There is no frame in 1 byte:'],
  ['000000', 1, 'There is no frame in 3 bytes'],
  [named('hello').wire.repeat(2), 1, 'There are 2 frames, not one'],
  [`${named('hello').wire}0102`, 1, 'There are 2 frames, not one'],
  ['001', 2, 'it ends in the middle of a byte, after "1"'],
  ['0 0', 2, '" " at position 2 is not a hex digit'],
  ['00zz', 2, '"z" at position 3 is not a hex digit'],
  ['0x00', 2, '"x" at position 2 is not a hex digit'],
])('decode %j: exit code %i, nothing on stdout', async (hex, code, text) => {
  const ended = await call(['decode', hex]);
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toContain(text);
});

const header = ['--session', '256', '--sequence', '1'];
const pay = ['encode', 'pay', ...header, '--payment-method', 'TRUEMONEY'];

test.each([
  ['pay shortest values', [...pay, '--amount', '0', '--order-id', '!', '--expiry-time', '1']],
  ['cancel one order', ['encode', 'cancel', '--session', '1', '--sequence', '1', '--order-id', 'POS1-0042']],
  ['cancel', ['encode', 'cancel', '--session', '65280', '--sequence', '255']],
  ['status', ['encode', 'status', '--session=65535', '--sequence=255']],
  ['hello', ['encode', 'hello', '--nonce', '4004068207']],
  ['hello', ['encode', 'hello', '--nonce', `0x${(4004068207).toString(16).toUpperCase()}`]],
])('encode prints the wire of "%s"', async (name, args) => {
  expect(await call(args)).toMatchObject(printed(`${named(name).wire}\n`));
});

test('amount and order id stay exactly as they were typed', async () => {
  const { stdout } = await call([...pay, '--amount', '0042', '--order-id=--json']);
  expect(JSON.parse((await call(['decode', stdout.trim()])).stdout)).toMatchObject({
    amount: '0042',
    orderId: '--json',
  });
});

test.each<[field: string, reason: number, args: string[]]>([
  ['paymentMethod', 1, ['pay', ...header]],
  ['paymentMethod', 2, ['pay', ...header, '--payment-method', 'Test']],
  ['paymentMethod', 2, ['pay', ...header, '--payment-method', 'truemoney']],
  ['paymentMethod', 2, ['pay', ...header, '--payment-method', '']],
  ['amount', 3, [...pay.slice(1), '--amount', '-5']],
  ['amount', 3, [...pay.slice(1), '--amount=-5']],
  ['amount', 3, [...pay.slice(1), '--amount', '']],
  ['amount', 3, [...pay.slice(1), '--amount', '123456789']],
  ['orderId', 3, [...pay.slice(1), '--order-id', 'a b']],
  ['orderId', 3, ['cancel', ...header, '--order-id', '12345678901234567']],
  ['orderId', 3, ['cancel', ...header, '--order-id', 'é']],
  ['expiryTime', 3, [...pay.slice(1), '--expiry-time', '0']],
  ['expiryTime', 3, [...pay.slice(1), '--expiry-time', '2147483648']],
  ['expiryTime', 3, [...pay.slice(1), '--expiry-time', '1e3']],
  ['expiryTime', 3, [...pay.slice(1), '--expiry-time', '0x10']],
  ['expiryTime', 3, [...pay.slice(1), '--expiry-time', '12.5']],
  ['expiryTime', 3, [...pay.slice(1), '--expiry-time', '']],
  ['expiryTime', 3, [...pay.slice(1), '--expiry-time', '-1']],
  ['session', 3, ['status', '--session', '65536', '--sequence', '1']],
  ['session', 3, ['status', '--session', '', '--sequence', '1']],
  ['session', 3, ['status', '--session', '0x1', '--sequence', '1']],
  ['sequence', 3, ['status', '--session', '1', '--sequence', '256']],
  ['sequence', 3, ['cancel', '--session', '1', '--sequence', '-1']],
  ['nonce', 3, ['hello', '--nonce', '4294967296']],
  ['nonce', 3, ['hello', '--nonce', '0x']],
  ['nonce', 3, ['hello', '--nonce', '1.5']],
])('encode names the field %s and the reason %i: %j', async (field, reason, args) => {
  const ended = await call(['encode', ...args.filter((arg) => arg !== 'encode')]);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(new RegExp(`^bluetap: ${field} \\(--[a-z-]+\\) .*\\(reason ${reason}: .*\\)\n$`));
});

test('every broken field is named', async () => {
  const args = ['encode', 'pay', '--session', 'x', '--sequence', '1', '--payment-method', 'TRUEMONEY', '--amount', '.'];
  const { code, stderr } = await call(args);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^bluetap: 2 fields break their rules\.\n {2}session .*\n {2}amount .*\n$/);
});
