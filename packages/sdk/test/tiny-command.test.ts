import { Emulator, loseReplies, VirtualClock } from '@bluetap/emulator';
import { expect, it } from 'vitest';
import { type Logger, PaymentMethod, ResultCode, TinyCommand } from '../src/index.js';
import { within } from './rig.js';

it('has the vendor names and values', () => {
  expect(Object.entries({ ...PaymentMethod, ...ResultCode })).toEqual(
    [
      'TRUEMONEY',
      'SEVEN_11',
      'ALIPAY_CN',
      'ALIPAY_PLUS',
      'SUCCESS',
      'DEVICE_DISCONNECTED',
      'PARAM_ILLEGAL',
      'PROCESS_FAIL',
      'UNKNOWN_EXCEPTION',
    ].map((name) => [name, name]),
  );
});

it('returns a code, never throws, and keeps the whole result', async () => {
  const clock = new VirtualClock();
  await using emulator = new Emulator({ clock });
  const device = new TinyCommand({ transport: emulator.transport(), clock });
  const pay = { paymentMethod: PaymentMethod.TRUEMONEY, amount: '120.00', orderId: 'POS1-0042' };
  expect(device.lastResult).toBeUndefined();
  expect(await within(clock, 0, device.sendPayCommand(pay))).toBe(ResultCode.SUCCESS);
  expect(device.lastResult).toMatchObject({ outcome: 'executed', linkLive: 'yes' });
  expect(await within(clock, 0, device.sendCancelCommand({ orderId: 'POS1-0042' }))).toBe(ResultCode.SUCCESS);
  expect(await within(clock, 0, device.sendCancelCommand())).toBe(ResultCode.SUCCESS);
  for (const bad of [undefined, null, 'x', 7, {}, { paymentMethod: 'Test' }]) {
    expect(await within(clock, 0, device.sendPayCommand(bad as never))).toBe(ResultCode.PARAM_ILLEGAL);
  }
  expect(device.lastResult?.error?.message).toContain('paymentMethod');
  for (const bad of [null, 'now', { signal: 'stop' }]) {
    expect(await within(clock, 0, device.sendPayCommand(pay, bad as never))).toMatch(
      /^(SUCCESS|PROCESS_FAIL|PARAM_ILLEGAL)$/,
    );
  }
  emulator.unplug();
  await clock.advance(0);
  expect(await within(clock, 800, device.sendPayCommand(pay, { timeoutMs: 800 }))).toBe(ResultCode.DEVICE_DISCONNECTED);
  await device.close();
  expect(await within(clock, 0, device.sendPayCommand(pay))).toBe(ResultCode.PROCESS_FAIL);
  await device[Symbol.asyncDispose]();
});

it('logs no amounts and order ids, unless redact is false', async () => {
  const pay = { paymentMethod: PaymentMethod.TRUEMONEY, amount: '31337.00', orderId: 'SECRET-1' };
  const logged = async (redact: boolean) => {
    const lines: string[] = [];
    const log = (message: string, fields?: unknown) =>
      lines.push(
        `${message} ${JSON.stringify(fields, (_, value) => (value instanceof Error ? value.message : value))}`,
      );
    const logger: Logger = { debug: log, info: log, warn: log, error: log };
    const clock = new VirtualClock();
    await using emulator = new Emulator({ clock });
    await using device = new TinyCommand({ transport: emulator.transport(), clock, logger, redact });
    emulator.use(loseReplies(3, { type: 'PAY' }));
    device.client.on('link', () => {
      throw new Error('a listener that throws');
    });
    await within(clock, 5000, device.sendPayCommand(pay));
    emulator.tap();
    await within(clock, 0, device.sendPayCommand({ ...pay, amount: '31337,00' }));
    emulator.unplug();
    await clock.advance(1000);
    return lines.join('\n');
  };
  const redacted = await logged(true);
  expect(redacted).not.toMatch(/31337|SECRET/);
  expect(redacted).toContain(
    'PAY asked for {"paymentMethod":"TRUEMONEY","amount":"[redacted]","orderId":"[redacted]"}',
  );
  expect(redacted).toContain('a listener that throws');
  expect(redacted).toContain('disconnected');
  expect(await logged(false)).toMatch(/31337\.00.*SECRET-1/);
});

it('works with a logger that throws', async () => {
  const fail = () => {
    throw new Error('disk full');
  };
  const clock = new VirtualClock();
  await using emulator = new Emulator({ clock });
  const logger = { debug: fail, info: fail, warn: fail, error: fail };
  await using device = new TinyCommand({ transport: emulator.transport(), clock, logger });
  expect(await within(clock, 0, device.sendPayCommand({ paymentMethod: 'TRUEMONEY' }))).toBe(ResultCode.SUCCESS);
});

it('returns the whole result of its own call, also if another call settles last (C-9)', async () => {
  const clock = new VirtualClock();
  await using emulator = new Emulator({ clock });
  const device = new TinyCommand({ transport: emulator.transport(), clock });
  emulator.use(loseReplies(3, { type: 'PAY' }));
  const first = device.sendPayCommandWithResult({ paymentMethod: 'TRUEMONEY', orderId: 'A' }, { timeoutMs: 1500 });
  const second = device.sendPayCommandWithResult({ paymentMethod: 'TRUEMONEY', amount: 'B' } as never);
  expect(await within(clock, 2000, Promise.all([first, second]))).toMatchObject([
    { code: 'UNKNOWN_EXCEPTION', outcome: 'unknown', pending: true },
    { code: 'PARAM_ILLEGAL', outcome: 'not-sent' },
  ]);
  expect(await within(clock, 4000, device.sendCancelCommandWithResult())).toMatchObject({ code: 'SUCCESS', taps: 0 });
  expect(device.lastResult).toMatchObject({ outcome: 'executed', state: 'cancelled' });
  const closing = device.close();
  await clock.advance(1000);
  await closing;
});
