import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator, ignoreRequests } from '@bluetap/emulator';
import { listen } from '@bluetap/emulator/node';
import { Client } from '@bluetap/sdk';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { recorded, system } from '../src/devices/record.js';
import { Failure } from '../src/process/exit-code.js';
import { call, start, temporaryFolder } from './cli.js';

const PAY = ['pay', '--payment-method', 'ALIPAY_CN', '--amount', '4321.05', '--order-id', 'POS1-0042'];

async function device(onMessage?: (type: string) => void): Promise<{ emulator: Emulator; on: string[] }> {
  const emulator = new Emulator({ onEvent: (event) => event.event === 'message' && onMessage?.(event.message.type) });
  onTestFinished(() => emulator.close());
  const { address } = await listen(emulator, { unix: join(temporaryFolder(), 's') });
  return { emulator, on: ['--transport', address] };
}

const textOf = (file: string) => readFileSync(file, 'utf8');
/** Returns the text after the time of each line below the header. */
const linesOf = (file: string) => textOf(file).match(/(?<=^ *[\d.]+ )[-<>] .*$/gm) ?? [];

test('pay --record: the whole session, without amount and order id, readable by its owner only', async () => {
  const { on } = await device();
  const file = join(temporaryFolder(), 'session.txt');
  const [bare, paid] = [await call([...PAY, ...on]), await call([...PAY, ...on, '--record', file])];
  expect(paid).toEqual(bare);
  const text = textOf(file);
  expect(text).toMatch(
    /^# BlueTap session record\n# date: .*\n# node: v.*\n# platform: .*\n# bluetap: \d.*\n# transport: unix:/,
  );
  expect(text).toContain('\n# redacted: amounts and order ids');
  expect(linesOf(file).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    '- info',
    '- listed:',
    expect.stringMatching('- opening'),
    '- opened',
    '> HELLO',
    '< HELLO_REPLY',
    '- info',
    '> PAY',
    '< PAY_REPLY',
    '- info',
    '- closed',
    '- the',
  ]);
  expect(linesOf(file)).toContain('- info PAY settled code=SUCCESS outcome=executed linkLive=yes');
  for (const secret of ['4321.05', 'POS1-0042']) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret).toString('hex'));
  }
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('demo --record: the four commands, and the same output', async () => {
  const file = join(temporaryFolder(), 'session.txt');
  const { code, stdout, stderr } = await call(['demo', '--record', file]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('All as expected');
  expect(textOf(file).match(/ > PAY /g)).toHaveLength(3);
  expect(linesOf(file).at(-1)).toBe('- the record ends');
});

test('pay --record --record-unredacted: the whole session with all values, and decode reads its hex', async () => {
  const file = join(temporaryFolder(), 'session.txt');
  await call([...PAY, '--transport', 'emulator', '--record', file, '--record-unredacted']);
  expect(textOf(file)).toContain('# NOT REDACTED: ');
  const [, hex] = / > PAY .* amount=4321\.05 orderId=POS1-0042 \| (.*)$/m.exec(textOf(file))!;
  const decoded = await call(['decode', hex!]);
  expect(JSON.parse(decoded.stdout)).toMatchObject({ type: 'PAY', amount: '4321.05', orderId: 'POS1-0042' });
});

test.each(['status', 'info', 'cancel'])('%s --record writes the session', async (command) => {
  const file = join(temporaryFolder(), 'session.txt');
  const { code, stderr } = await call([command, '--transport', 'emulator', '--record', file]);
  expect([code, stderr]).toEqual([0, '']);
  expect(textOf(file)).toContain(' < HELLO_REPLY ');
  expect(linesOf(file).at(-1)).toBe('- the record ends');
});

test('no device: the record says why', async () => {
  const file = join(temporaryFolder(), 'session.txt');
  const gone = ['--transport', 'unix:/nowhere/bluetap.sock'];
  expect(await call([...PAY, ...gone, '--timeout', '50', '--record', file])).toMatchObject({ code: 3 });
  expect(textOf(file)).toContain('- opening unix:/nowhere/bluetap.sock failed: TransportError not-found: ');
});

test('the record of a killed process contains everything that happened before', async () => {
  let sent = () => {};
  const paySent = new Promise<void>((resolve) => {
    sent = resolve;
  });
  const { emulator, on } = await device((type) => type === 'PAY' && sent());
  emulator.use(ignoreRequests(Number.POSITIVE_INFINITY, { type: 'PAY' }));
  const file = join(temporaryFolder(), 'session.txt');
  const paying = start([...PAY, ...on, '--timeout', '60000', '--record', file]);
  await paySent;
  await paying.stop('SIGKILL');
  expect(linesOf(file).at(-1)).toMatch(/^> PAY /);
});

describe('a record that cannot be created: exit code 64, and nothing is sent', () => {
  test.each<[what: string, path: string, text: string]>([
    [
      'a file that exists',
      'taken',
      'exists, and a record never replaces a file: name another file, or delete this one',
    ],
    ['a folder that does not exist', 'nowhere/file', 'does not exist: create it, or name another file. '],
    ['a file instead of a folder', 'taken/file', 'does not exist: create it, or name another file. '],
    ['a folder', 'folder', 'is a folder: name a new file, in this folder or in another one. '],
    [
      'a symbolic link to a device',
      'device',
      'exists and is not an ordinary file, and a record is always a new file: name another file. ',
    ],
    ['a name that is too long', 'n'.repeat(300), 'cannot be written: ENAMETOOLONG'],
  ])('%s', async (_, path, text) => {
    const { emulator, on } = await device(() => expect.unreachable());
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'folder'));
    symlinkSync('/dev/null', join(folder, 'device'));
    writeFileSync(join(folder, 'taken'), 'mine');
    const ended = await call([...PAY, ...on, '--record', join(folder, path)]);
    expect(ended).toMatchObject({ code: 64, stdout: '' });
    expect(ended.stderr).toMatch(/^bluetap: --record: /);
    expect(ended.stderr).toContain(text);
    expect(ended.stderr).toContain('Nothing was sent.');
    expect(textOf(join(folder, 'taken'))).toBe('mine');
    expect(emulator.snapshot.state).toBe('idle');
  });

  test('a command line with another mistake leaves no file', async () => {
    const folder = temporaryFolder();
    const record = ['--record', join(folder, 'session.txt')];
    for (const wrong of [
      [...PAY, '--transport', 'carrier-pigeon'],
      [...PAY, '--transport', 'emulator', '--timeout', 'soon'],
      ['pay', '--payment-method', 'Test', '--transport', 'emulator'],
    ]) {
      expect((await call([...wrong, ...record])).code).toBeGreaterThan(0);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test('--record-unredacted needs --record', async () => {
    expect(await call([...PAY, '--transport', 'emulator', '--record-unredacted'])).toEqual({
      code: 64,
      stdout: '',
      stderr: 'bluetap: --record-unredacted needs --record FILE.\n',
    });
  });
});

describe('a disk that fails', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const fail = () => {
    throw full;
  };

  /** Sends a PAY with a record on a disk that fails in these calls. Returns the lines on stderr, and the file. */
  async function payWith(broken: Partial<typeof system>) {
    const notes: unknown[] = [];
    const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => notes.push(text) > 0);
    onTestFinished(() => spy.mockRestore());
    await using emulator = new Emulator();
    const file = join(temporaryFolder(), 'session.txt');
    const closes: number[] = [];
    const closeSync = (descriptor: number) => {
      closes.push(descriptor);
      system.closeSync(descriptor);
      broken.closeSync?.(descriptor);
    };
    const named = { transport: emulator.transport(), close: async () => {} };
    const { transport, client, close } = recorded(named, { record: file }, { ...system, ...broken, closeSync });
    const host = new Client({ transport, ...client });
    const result = await host.pay({ paymentMethod: 'TRUEMONEY' });
    await host.close();
    await close();
    expect(closes).toHaveLength(1);
    return { code: result.code, notes, file };
  }
  const ends = 'The record ends here. The command continues.\n';

  test('in the middle: one warning, and the payment continues', async () => {
    let lines = 0;
    const { code, notes, file } = await payWith({
      writeFileSync: (descriptor, text) => (++lines > 14 ? fail() : system.writeFileSync(descriptor, text)),
      fsyncSync: fail,
    });
    expect([code, lines]).toEqual(['SUCCESS', 15]);
    expect(notes).toEqual([`bluetap: --record: ${JSON.stringify(file)} cannot be written: ${full.message}. ${ends}`]);
    expect(linesOf(file).length).toBeGreaterThan(0);
  });

  test.each(['fsyncSync', 'closeSync'] as const)('at the end, in %s: one warning', async (name) => {
    const { code, notes, file } = await payWith({ [name]: fail });
    expect(code).toBe('SUCCESS');
    expect(notes).toEqual([expect.stringContaining(full.message)]);
    expect(linesOf(file).at(-1)).toBe('- the record ends');
  });

  test('in the header: the file cannot be written', async () => {
    let path = '';
    const openSync: typeof system.openSync = (file, ...how) => {
      path = String(file);
      return system.openSync(file, ...how);
    };
    const paying = payWith({ openSync, writeFileSync: fail });
    await expect(paying).rejects.toThrow(Failure);
    await expect(paying).rejects.toMatchObject({ exitCode: 64, message: expect.stringContaining('Nothing was sent.') });
    expect(path).toMatch(/session\.txt$/);
    expect(existsSync(path)).toBe(false);
  });
});
