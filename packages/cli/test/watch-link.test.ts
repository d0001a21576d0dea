import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator, type EmulatorOptions, VirtualClock } from '@bluetap/emulator';
import { listen } from '@bluetap/emulator/node';
import { Client } from '@bluetap/sdk';
import type { Transport } from '@bluetap/transport';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Change, tellingChanges } from '../src/watch/changes.js';
import { PaymentLinkWatch, type SessionChange, type WatchPaymentLinkOptions } from '../src/watch/link.js';
import { changeLines } from '../src/watch/text.js';
import { call, emulate, run, start, temporaryFolder } from './cli.js';

const order = { paymentMethod: 'TRUEMONEY', amount: '120.00', orderId: 'POS1-0042' } as const;

interface RigOptions extends Partial<WatchPaymentLinkOptions> {
  readonly emulated?: EmulatorOptions;
  readonly plugged?: boolean;
}

/** Makes a watch and an emulated device with one virtual clock, and keeps all changes that the watch reports. */
function rig({ emulated, plugged = true, ...options }: RigOptions = {}) {
  const clock = new VirtualClock();
  const emulator = new Emulator({ clock, ...emulated });
  if (!plugged) emulator.unplug();
  const told: (Change | SessionChange)[] = [];
  const ended: string[] = [];
  const tell = (change: Change | SessionChange) => void told.push(change);
  const watch = new PaymentLinkWatch({
    transport: tellingChanges(emulator.transport(), tell),
    unredacted: false,
    clock,
    tell,
    onEnd: (message) => ended.push(message),
    ...options,
  });
  const closed = async () => {
    const closing = Promise.all([watch.close(), emulator.close()]);
    await clock.advance(2000);
    await closing;
    expect(clock.pending).toBe(0);
  };
  opened.push(closed);
  const take = () => told.splice(0).map(({ transport: _, ...change }) => change);
  return { clock, emulator, ended, take, told };
}

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

const device = expect.objectContaining({ serialNumber: 'EMU-0001', simulated: true });

/** Runs a POS that charges once and closes. Its payment link stays on the device. */
async function charge({ clock, emulator }: Pick<ReturnType<typeof rig>, 'clock' | 'emulator'>): Promise<void> {
  const pos = new Client({ transport: emulator.transport(), clock });
  const paying = pos.pay(order);
  await clock.advance(0);
  expect(await paying).toMatchObject({ code: 'SUCCESS' });
  const closing = pos.close();
  await clock.advance(0);
  await closing;
}

describe('watch --link', () => {
  test.each([
    [false, {}],
    [true, { orderId: 'POS1-0042' }],
  ])(
    'reports each tap and the end of the payment link; order ids only with the option: %j',
    async (unredacted, withOrder) => {
      const clock = new VirtualClock();
      const emulator = new Emulator({ clock });
      await charge({ clock, emulator });
      const { take } = rig({ transport: emulator.transport(), clock, unredacted });
      await clock.advance(0);
      expect(take()).toEqual([{ event: 'connected', device, state: 'ready', taps: 0 }]);
      emulator.tap();
      await clock.advance(900_000);
      expect(take()).toEqual([
        { event: 'link', device, state: 'ready', taps: 1, ...withOrder },
        { event: 'link', device, state: 'expired', taps: 1, ...withOrder },
      ]);
      await emulator.close();
    },
  );

  test('reports that the device was unplugged and plugged in, and once why there is no device', async () => {
    const { clock, emulator, take } = rig({ plugged: false });
    await clock.advance(60_000);
    const failing = { event: 'failing', message: expect.stringContaining('No device within 3000 ms') };
    expect(take()).toEqual([failing]);
    emulator.plug();
    await clock.advance(1000);
    expect(take()).toMatchObject([{ event: 'attached' }, { event: 'connected', state: 'idle' }]);
    emulator.unplug();
    await clock.advance(60_000);
    expect(take()).toMatchObject([{ event: 'disconnected', device }, { event: 'detached' }, failing]);
  });

  test('gives way to a POS: it does not take the session back, and the POS gets the LINK messages', async () => {
    const { clock, emulator, ended, take } = rig();
    await clock.advance(10_000);
    const pos = new Client({ transport: emulator.transport(), clock });
    const link = vi.fn();
    pos.on('link', link);
    const paying = pos.pay(order);
    await clock.advance(60_000);
    expect(ended).toEqual([expect.stringContaining('The session with EMU-0001 is over: another program')]);
    emulator.tap();
    await clock.advance(0);
    expect(await paying).toMatchObject({ code: 'SUCCESS' });
    expect(link).toHaveBeenCalledExactlyOnceWith({ state: 'ready', taps: 1, orderId: 'POS1-0042' });
    expect(pos.statistics.sessions).toBe(1);
    expect(take()).toMatchObject([{ event: 'attached' }, { event: 'connected' }]);
    await pos.close();
  });

  test('continues after the last sequence number of a session', async () => {
    const { clock, emulator, ended, take } = rig();
    await clock.advance(0);
    take();
    await clock.advance(3_600_000);
    emulator.nfcFault = true;
    expect({ told: take(), ended }).toEqual({ told: [], ended: [] });
  });

  test('takes the session of a device with another name only once', async () => {
    const requests: string[] = [];
    const emulated: EmulatorOptions = {
      onEvent: (event) => event.event === 'message' && event.direction === 'in' && requests.push(event.message.type),
    };
    const clock = new VirtualClock();
    const emulator = new Emulator({ clock, ...emulated });
    const unnamed: Transport = {
      ...emulator.transport(),
      name: 'tcp://here',
      list: async () => [{ id: 'emulator:1' }],
      open: (...args) => emulator.transport().open(...args),
    };
    const { ended, take } = rig({ transport: unnamed, clock, device: 'OTHER' });
    await clock.advance(60_000);
    expect(ended).toEqual(['emulator:1 is the device EMU-0001, not OTHER.']);
    expect({ requests, told: take() }).toEqual({ requests: ['HELLO'], told: [] });
    await emulator.close();
  });

  test('names the wanted device if only another device is attached', async () => {
    const { clock, take } = rig({ device: 'OTHER' });
    await clock.advance(3000);
    expect(take().at(-1)).toMatchObject({
      event: 'failing',
      message: expect.stringMatching(/Found: EMU-0001 .*\(--device OTHER\)$/),
    });
  });
});

describe('the command', () => {
  test('without --link opens no device, and SIGINT ends it with exit code 0', async () => {
    const { running, ready } = await emulate(['--unix', join(temporaryFolder(), 's')]);
    const watching = start(['watch', '--json', '--transport', ready.unix]);
    expect(await watching.event()).toMatchObject({ event: 'attached', device: { id: ready.unix } });
    const { code, signal, stdout, stderr } = await watching.stop('SIGINT');
    expect({ code, signal, lines: stdout.trim().split('\n').length, stderr }).toEqual({
      code: 0,
      signal: null,
      lines: 1,
      stderr: '',
    });
    expect((await running.stop()).stdout).not.toContain('"connected"');
  });

  test('--json: prints a line for each event, and SIGINT ends it with exit code 0', async () => {
    const { ready } = await emulate(['--unix', join(temporaryFolder(), 's')]);
    const watching = start(['watch', '--link', '--json', '--transport', ready.unix]);
    const isoTime = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(await watching.event()).toEqual({
      time: isoTime,
      event: 'attached',
      transport: ready.unix,
      device: { id: ready.unix, path: ready.unix, interface: 'unix socket' },
    });
    expect(await watching.event()).toEqual({
      time: isoTime,
      event: 'connected',
      transport: ready.unix,
      device: {
        id: ready.unix,
        serialNumber: 'EMU-0001',
        model: 'BT-EMU',
        firmware: '1.0.0',
        bootId: expect.any(Number),
        simulated: true,
      },
      state: 'idle',
      taps: 0,
    });
    expect(await watching.stop('SIGINT')).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  test('another program takes the session: the last line says so, and the exit code is 3', async () => {
    await using emulator = new Emulator();
    const { address } = await listen(emulator, { unix: join(temporaryFolder(), 's') });
    for (const json of [true, false]) {
      const watching = start(['watch', '--link', '--transport', address, ...(json ? ['--json'] : [])]);
      while (!(await watching.line()).includes('connected')) {}
      expect((await run(['info', '--transport', address])).code).toBe(0);
      const { code, stdout, stderr } = await watching.ended;
      expect(code).toBe(3);
      if (json) expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({ event: 'ended' });
      expect(json ? stdout : stderr).toContain('The session with EMU-0001 is over');
      expect(stderr === '').toBe(json);
    }
  });

  test('--record writes the session, redacted', async () => {
    const file = join(temporaryFolder(), 'session.txt');
    const { ready } = await emulate(['--unix', join(temporaryFolder(), 's')]);
    const watching = start(['watch', '--link', '--json', '--record', file, '--transport', ready.unix]);
    await watching.event(({ event }) => event === 'connected');
    await watching.stop();
    expect(readFileSync(file, 'utf8')).toMatch(
      /^# BlueTap session record\n[\s\S]* > HELLO [\s\S]* - the record ends\n$/,
    );
  });

  test.each([['--device', 'A1'], ['--unredacted'], ['--record', '/nowhere/x']])('%s needs --link', async (...args) => {
    const { code, stdout, stderr } = await call(['watch', ...args]);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain(`${args[0]} needs --link.\nTry: bluetap watch --help`);
  });

  test('ends when its stdout is closed', async () => {
    await using emulator = new Emulator();
    const { address } = await listen(emulator, { unix: join(temporaryFolder(), 's') });
    const watching = start(['watch', '--link', '--json', '--transport', address]);
    await watching.event(({ event }) => event === 'connected');
    watching.child.stdout!.destroy();
    emulator.unplug();
    expect(await watching.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });
});

test('for people: the columns stay aligned', () => {
  const line = changeLines();
  const identity = { id: 'x', serialNumber: 'A1', model: 'BT', firmware: '1', bootId: 1, simulated: true };
  const from = { transport: 'hid', device: identity } as const;
  const changes: (Change | SessionChange)[] = [
    {
      event: 'attached',
      transport: 'usb',
      device: { id: 'usb:1:2', path: 'bus 1', serialNumber: 'A1', interface: 'vendor bulk' },
    },
    { event: 'attached', transport: 'serial', device: { id: '/dev/ttyACM0' } },
    { event: 'failing', transport: 'hid', message: 'no libudev' },
    { event: 'connected', ...from, state: 'idle', taps: 0 },
    { event: 'link', ...from, state: 'ready', taps: 0 },
    { event: 'link', ...from, state: 'ready', taps: 2, orderId: 'A-7' },
    { event: 'link', ...from, state: 'expired', taps: 1 },
    { event: 'disconnected', ...from, message: 'was unplugged' },
  ];
  expect(changes.map((change) => String(line(change)).replace(/^[\d:.]{12} {2}/, ''))).toEqual([
    'attached      A1  vendor bulk  bus 1  usb',
    'attached      -   -            /dev/ttyACM0  serial',
    'failing       hid  no libudev',
    'connected     A1   idle  SIMULATED',
    'link          A1   ready, not read by a phone',
    'link          A1   ready, read 2 times  order A-7',
    'link          A1   expired, read once: it may have been paid',
    'disconnected  A1   was unplugged',
  ]);
});
