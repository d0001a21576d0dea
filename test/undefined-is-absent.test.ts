import { describe, expect, it } from 'vitest';
import { delayReplies, Emulator, type EmulatorEvent, stutter, VirtualClock } from '../packages/emulator/src/index.js';
import { listen } from '../packages/emulator/src/node/index.js';
import { diagnose, record } from '../packages/sdk/src/diagnostics/index.js';
import { Client, type ClientOptions, connect, type PayCommand } from '../packages/sdk/src/index.js';
import { hid } from '../packages/transport-hid/src/index.js';
import { serial } from '../packages/transport-serial/src/index.js';
import { socket } from '../packages/transport-socket/src/index.js';
import { usb } from '../packages/transport-usb/src/index.js';

/** Returns an object with these names, whose values are all undefined. */
function nothing<Name extends string>(...names: Name[]): { readonly [Each in Name]: undefined } {
  return Object.fromEntries(names.map((name) => [name, undefined])) as { readonly [Each in Name]: undefined };
}

const CLIENT = nothing(
  ...([
    'device',
    'timeoutMs',
    'allowSimulated',
    'keepAliveMs',
    'logger',
    'redact',
    'pendingAttempts',
    'clock',
    'random',
  ] as const),
);
const USB = nothing('vendorId', 'productId', 'timeoutMs', 'load', 'clock');
const CALL = nothing('signal', 'timeoutMs');

/** Sends a PAY and two CANCELs. Returns the results of the program and the events of the device. */
async function pay(command: Partial<PayCommand>, options: object | undefined, client: Partial<ClientOptions>) {
  const clock = new VirtualClock();
  const messages: EmulatorEvent[] = [];
  const random = () => 7;
  await using emulator = new Emulator({ clock, random, onEvent: (event) => messages.push(event) });
  await using device = new Client({ ...client, transport: emulator.transport(), clock, random });
  const results = [
    await device.pay({ paymentMethod: 'TRUEMONEY', ...command }, options && { ...options, onAttempt: undefined }),
    await device.cancel('orderId' in command ? { orderId: command.orderId } : {}, options),
    await device.cancel(undefined, options),
  ];
  return { results, messages, status: await device.status(options), info: await device.info(options) };
}

describe('an input that is undefined is absent (C-15)', () => {
  it('in a command, in its options, and in the options of a client', async () => {
    const absent = await pay({}, undefined, {});
    expect(absent.results.map(({ code }) => code)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
    const fields = nothing('amount', 'orderId', 'expiryTime');
    expect(await pay(fields, CALL, CLIENT)).toEqual(absent);
  });

  it('in the options of `connect`', async () => {
    await using emulator = new Emulator();
    await using client = await connect({ ...CLIENT, ...CALL, transport: emulator.transport() });
    expect(client.device?.serialNumber).toBe('EMU-0001');
  });

  it('in a transport, and in the devices that it lists', async () => {
    await using emulator = new Emulator();
    const inner = emulator.transport();
    const listed = nothing('serialNumber', 'product', 'path', 'interface', 'simulated');
    const transport = {
      name: 'bare',
      keepAliveMs: undefined,
      watch: undefined,
      list: async () => (await inner.list()).map(({ id }) => ({ id, ...listed })),
      open: inner.open,
    };
    const recording = record(transport, { write: () => {}, ...nothing('redact', 'about', 'clock') });
    for (const seen of [transport, recording.transport, diagnose(transport, nothing('clock'))]) {
      expect(seen.watch).toBeUndefined();
      await using client = await connect({ transport: seen });
      expect(await client.pay({ paymentMethod: 'TRUEMONEY' }, CALL)).toMatchObject({ code: 'SUCCESS' });
    }
  });

  it('in the options of every transport', () => {
    expect(hid(USB).name).toBe(hid().name);
    expect(usb(USB).name).toBe(usb().name);
    expect(serial({ ...USB, ...nothing('path', 'baudRate') }).name).toBe(serial().name);
    const address = 'tcp://127.0.0.1:4000';
    expect(socket(address, nothing('connectTimeoutMs', 'keepAliveMs')).keepAliveMs).toBe(socket(address).keepAliveMs);
  });

  it('for the emulated device', async () => {
    const options = nothing(
      ...(['serialNumber', 'model', 'firmware', 'linkTemplate', 'clock', 'random', 'onEvent', 'onError'] as const),
    );
    await using emulator = new Emulator(options);
    expect(emulator.snapshot).toEqual(new Emulator().snapshot);
    emulator.use({ name: 'in', onFrame: (frame, next) => next(frame), onSend: undefined });
    emulator.use({ name: 'out', onFrame: undefined, onSend: (bytes, next) => next(bytes) });
    emulator.use(delayReplies(0, nothing('type')));
    emulator.use(stutter(nothing('type', 'times', 'gapMs')));
    emulator.follow({ onPlug: undefined, close: undefined });
    await using client = await connect({ transport: emulator.transport() });
    expect(await client.pay({ paymentMethod: 'TRUEMONEY' })).toMatchObject({ code: 'SUCCESS' });
    emulator.unplug({ power: undefined });
    emulator.plug();
    expect(emulator.snapshot.state).toBe('ready');
  });

  it('for a listener', async () => {
    await using emulator = new Emulator();
    await using listener = await listen(emulator, { tcp: '127.0.0.1:0', unix: undefined } as never);
    expect(listener.address).toMatch(/^tcp:/);
  });
});
