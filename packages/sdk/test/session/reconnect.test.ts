import { Emulator, VirtualClock } from '@bluetap/emulator';
import { type Channel, type DeviceInfo, type Transport, TransportError } from '@bluetap/transport';
import { describe, expect, it } from 'vitest';
import { Client } from '../../src/index.js';
import { order, rigs, within } from '../rig.js';

const start = rigs();

/** A transport whose functions a test sets. */
function transport(parts: Partial<Transport>): Transport {
  const never = () => Promise.reject(new TransportError('not-found', 'nothing here'));
  return { name: 'made up', list: never, open: never, ...parts };
}

/** A promise and the functions that settle it. */
function gate<T>() {
  let open!: (value: T) => void;
  let fail!: (error: unknown) => void;
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}

describe('a device that is not there', () => {
  it('returns DEVICE_DISCONNECTED within the time limit', async () => {
    const { client, emulator, within } = start();
    emulator.unplug();
    const result = await within(5000, client.pay(order));
    expect(result).toMatchObject({ code: 'DEVICE_DISCONNECTED', outcome: 'not-sent', linkLive: 'no', pending: false });
    expect(result.error?.message).toBe(
      'No device within 5000 ms: emulator: no BlueTap device. Check its cable and its power.',
    );
  });

  it('is used as soon as it is plugged in', async () => {
    const { client, emulator, clock, within } = start();
    emulator.unplug();
    const result = client.pay(order);
    await clock.advance(1234);
    emulator.plug();
    expect(await within(0, result)).toMatchObject({ code: 'SUCCESS' });
  });

  it('is found without hotplug events too, at most one second later', async () => {
    const clock = new VirtualClock();
    await using emulator = new Emulator({ clock });
    emulator.unplug();
    const { list, open, name } = bound(emulator.transport());
    let lists = 0;
    const counted = transport({
      name,
      open,
      list: (options) => {
        lists++;
        return list(options);
      },
    });
    await using client = new Client({ transport: counted, clock });
    await clock.advance(10_500);
    expect(lists).toBe(11);
    emulator.plug();
    const result = client.pay(order);
    expect(await within(clock, 500, result)).toMatchObject({ code: 'SUCCESS' });
  });

  it('is unplugged and comes back while there is no call', async () => {
    const { client, emulator, clock, within, events } = start();
    await within(0, client.info());
    emulator.unplug();
    await clock.advance(0);
    expect(client.device).toBeUndefined();
    expect(events('disconnected')).toHaveLength(1);
    await clock.advance(60_000);
    emulator.plug();
    await clock.advance(0);
    expect(client.device).toMatchObject({ serialNumber: 'EMU-0001' });
    expect(events('connected')).toHaveLength(2);
    expect(events('connected')[1]).toMatchObject({ state: 'idle', taps: 0, simulated: true });
  });

  it('comes back after a power cycle with another boot id', async () => {
    const { client, emulator, clock, within, events } = start();
    await within(0, client.pay(order));
    emulator.powerCycle();
    await clock.advance(1000);
    const [first, second] = events('connected');
    expect(second?.bootId).not.toBe(first?.bootId);
    expect(await within(0, client.status())).toEqual({ state: 'idle', taps: 0 });
  });
});

describe('which device', () => {
  const infos: DeviceInfo[] = [
    { id: 'usb:1', serialNumber: 'A' },
    { id: 'usb:2', serialNumber: 'B' },
  ];
  const two = transport({ list: async () => infos });

  it.each([
    [undefined, /2 BlueTap devices: A \(usb:1\), B \(usb:2\)/],
    ['C', /no BlueTap device with the serial number or id "C". Found: A \(usb:1\), B \(usb:2\)/],
    [() => false, /no BlueTap device that the filter accepts/],
    ['A', /nothing here/],
    ['usb:2', /nothing here/],
    [(device: DeviceInfo) => device.id === 'usb:2', /nothing here/],
  ])('%s', async (device, message) => {
    const clock = new VirtualClock();
    await using client = new Client({ transport: two, clock, device });
    const result = await within(clock, 100, client.pay(order, { timeoutMs: 100 }));
    expect(result).toMatchObject({ code: 'DEVICE_DISCONNECTED', outcome: 'not-sent' });
    expect(result.error?.message).toMatch(message);
  });

  it('devices without a serial number are named by their ids', async () => {
    const clock = new VirtualClock();
    const nameless = transport({ list: async () => [{ id: 'hid:1' }, { id: 'hid:2' }] });
    await using client = new Client({ transport: nameless, clock });
    const result = await within(clock, 100, client.pay(order, { timeoutMs: 100 }));
    expect(result.error?.message).toContain('2 BlueTap devices: hid:1, hid:2.');
  });

  it('a serial number that is only known after HELLO is checked then', async () => {
    const clock = new VirtualClock();
    await using emulator = new Emulator({ clock });
    const { list, open } = bound(emulator.transport());
    const anonymous = transport({
      open,
      list: async () => (await list()).map(({ id }) => ({ id })),
    });
    await using right = new Client({ transport: anonymous, clock, device: 'EMU-0001' });
    expect(await within(clock, 0, right.pay(order))).toMatchObject({ code: 'SUCCESS' });
    await right.close();
    await using wrong = new Client({ transport: anonymous, clock, device: 'EMU-0002' });
    const result = await within(clock, 100, wrong.pay(order, { timeoutMs: 100 }));
    expect(result).toMatchObject({ code: 'DEVICE_DISCONNECTED', outcome: 'not-sent' });
    expect(result.error?.message).toContain('is the device EMU-0001, not EMU-0002');
  });

  it('another device does not get HELLO again and again, which would end the sessions of its own POS', async () => {
    const clock = new VirtualClock();
    const sessions: number[] = [];
    await using emulator = new Emulator({
      clock,
      onEvent: (event) => {
        if (event.event === 'message' && event.message.type === 'HELLO') sessions.push(clock.now());
      },
    });
    const { list, open } = bound(emulator.transport());
    const anonymous = transport({ open, list: async () => (await list()).map(({ id }) => ({ id })) });
    await using client = new Client({ transport: anonymous, clock, device: 'EMU-0002' });
    const result = await within(clock, 20_000, client.pay(order, { timeoutMs: 20_000 }));
    expect(result).toMatchObject({ code: 'DEVICE_DISCONNECTED', outcome: 'not-sent' });
    expect(result.error?.message).toContain('emulator:1 is the device EMU-0001, not EMU-0002');
    expect(sessions).toEqual([0]);
    // The right device may be there by now.
    await clock.advance(20_000);
    expect(sessions).toEqual([0, 30_000]);
  });
});

describe('a simulated device', () => {
  it('is refused in the list, if the program does not allow it', async () => {
    const { client, within, requests } = start({ allowSimulated: false });
    const result = await within(100, client.pay(order, { timeoutMs: 100 }));
    expect(result).toMatchObject({ code: 'DEVICE_DISCONNECTED', outcome: 'not-sent' });
    expect(result.error?.message).toContain('simulated');
    expect(requests()).toEqual([]);
  });

  it('is refused after HELLO, if the list does not say that it is simulated', async () => {
    const clock = new VirtualClock();
    await using emulator = new Emulator({ clock });
    const { list, open } = bound(emulator.transport());
    const anonymous = transport({ open, list: async () => (await list()).map(({ id }) => ({ id })) });
    await using client = new Client({ transport: anonymous, clock, allowSimulated: false });
    const result = await within(clock, 100, client.pay(order, { timeoutMs: 100 }));
    expect(result).toMatchObject({ code: 'DEVICE_DISCONNECTED', outcome: 'not-sent' });
    expect(result.error?.message).toContain('EMU-0001 at emulator:1 is a simulated device');
  });
});

describe('a transport that is wrong', () => {
  it.each(['permission-denied', 'busy', 'missing-library', 'io'] as const)(
    '%s: its message reaches the caller',
    async (code) => {
      const clock = new VirtualClock();
      const refusing = transport({
        list: async () => [{ id: 'a' }],
        open: () => Promise.reject(new TransportError(code, `a: ${code}, do this about it`)),
      });
      await using client = new Client({ transport: refusing, clock });
      const result = await within(clock, 2000, client.pay(order, { timeoutMs: 2000 }));
      expect(result).toMatchObject({ code: 'DEVICE_DISCONNECTED', outcome: 'not-sent', error: { cause: { code } } });
      expect(result.error?.message).toContain('do this about it');
    },
  );

  it('throws synchronously, a value that is not an Error', async () => {
    const clock = new VirtualClock();
    const throwing = transport({
      list: () => {
        throw 'no bus';
      },
    });
    await using client = new Client({ transport: throwing, clock });
    const result = await within(clock, 100, client.pay(order, { timeoutMs: 100 }));
    expect(result.error?.message).toContain('no bus');
  });

  it('hangs in list: the call ends in time, and the hanging calls do not accumulate', async () => {
    const clock = new VirtualClock();
    let lists = 0;
    const hanging = transport({
      list: () => {
        lists++;
        return new Promise(() => {});
      },
    });
    const client = new Client({ transport: hanging, clock });
    expect(await within(clock, 700, client.pay(order, { timeoutMs: 700 }))).toMatchObject({
      code: 'DEVICE_DISCONNECTED',
    });
    await clock.advance(600_000);
    expect(lists).toBe(3);
    await within(clock, 1000, client.close());
    expect(clock.pending).toBe(0);
  });

  it('hangs in open, and opens too late: the late channel is closed', async () => {
    const clock = new VirtualClock();
    const opening = gate<{ write(): Promise<void>; close(): Promise<void> }>();
    let closed = 0;
    const hanging = transport({ list: async () => [{ id: 'a' }], open: () => opening.promise });
    const client = new Client({ transport: hanging, clock });
    expect(await within(clock, 700, client.pay(order, { timeoutMs: 700 }))).toMatchObject({
      code: 'DEVICE_DISCONNECTED',
    });
    await within(clock, 1000, client.close());
    opening.open({ write: async () => {}, close: async () => void closed++ });
    await clock.advance(0);
    expect(closed).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('never takes the bytes: the channel is given up, and the outcome is unknown', async () => {
    const clock = new VirtualClock();
    await using emulator = new Emulator({ clock });
    const { list, open, watch } = bound(emulator.transport());
    let stuck = false;
    const sticking = transport({
      list,
      watch,
      open: async (device, handlers, options) => {
        const channel = await open(device, handlers, options);
        return {
          close: () => channel.close(),
          write: (bytes) => (stuck ? new Promise(() => {}) : channel.write(bytes)),
        };
      },
    });
    await using client = new Client({ transport: sticking, clock });
    await within(clock, 0, client.info());
    stuck = true;
    const result = client.pay(order);
    await clock.advance(1000);
    stuck = false;
    expect(await within(clock, 2000, result)).toMatchObject({
      code: 'PROCESS_FAIL',
      outcome: 'not-executed',
      linkLive: 'no',
    });
  });

  it('fails a write: the command is in doubt, because some of the bytes may have left', async () => {
    const clock = new VirtualClock();
    await using emulator = new Emulator({ clock });
    const { list, open } = bound(emulator.transport());
    let failing = false;
    const broken = transport({
      list,
      open: async (device, handlers, options) => {
        const channel = await open(device, handlers, options);
        return {
          close: () => channel.close(),
          write: async (bytes) => {
            await channel.write(bytes);
            if (failing) throw new Error('EIO');
          },
        };
      },
    });
    await using client = new Client({ transport: broken, clock });
    await within(clock, 0, client.info());
    failing = true;
    const result = client.pay(order);
    await clock.advance(0);
    failing = false;
    expect(await within(clock, 1000, result)).toMatchObject({ code: 'SUCCESS', outcome: 'executed', linkLive: 'yes' });
  });

  it('never closes: close of the client ends one second later', async () => {
    const { emulator, clock } = start();
    const { list, open } = bound(emulator.transport());
    const sticking = transport({
      list,
      open: async (device, handlers, options) => {
        const channel = await open(device, handlers, options);
        return { write: (bytes) => channel.write(bytes), close: () => new Promise(() => {}) };
      },
    });
    const client = new Client({ transport: sticking, clock });
    await within(clock, 0, client.info());
    await within(clock, 1000, client.close());
  });

  it('rejects from close', async () => {
    const { emulator, clock } = start();
    const { list, open } = bound(emulator.transport());
    const rejecting = transport({
      list,
      open: async (device, handlers, options) => {
        const channel = await open(device, handlers, options);
        return {
          write: (bytes) => channel.write(bytes),
          close: () => channel.close().then(() => Promise.reject(new Error('no'))),
        };
      },
    });
    const client = new Client({ transport: rejecting, clock });
    await within(clock, 0, client.info());
    await within(clock, 0, client.close());
  });

  it('reports that the channel closed by itself, without an error', async () => {
    const clock = new VirtualClock();
    await using emulator = new Emulator({ clock });
    const { list, open } = bound(emulator.transport());
    let end: () => void = () => {};
    const closing = transport({
      list,
      open: (device, handlers, options) => {
        end = () => handlers.onClose();
        return open(device, handlers, options);
      },
    });
    await using client = new Client({ transport: closing, clock });
    const told: string[] = [];
    client.on('disconnected', (error) => told.push(error.message));
    await within(clock, 0, client.info());
    end();
    await clock.advance(1000);
    expect(told).toEqual(['made up: the channel to emulator:1 was closed']);
    expect(client.device).toBeDefined();
  });

  it('answers HELLO and closes the channel, twice in a row: the next HELLO comes one second later', async () => {
    const clock = new VirtualClock();
    await using emulator = new Emulator({ clock });
    const opened: number[] = [];
    const dropping = losing(emulator, (channel, lose) => {
      opened.push(clock.now());
      let writes = 0;
      // HELLO is answered. The channel is closed for every later request.
      const write: Channel['write'] = async (...call) => (++writes === 1 ? channel.write(...call) : lose());
      return { write, close: () => channel.close() };
    });
    await using client = new Client({ transport: dropping, clock });
    const failed = expect(client.status({ timeoutMs: 4500 })).rejects.toThrow('gone again');
    await clock.advance(4500);
    await failed;
    // The end of the call also ends its pause.
    expect(opened).toEqual([0, 0, 1000, 2000, 3000, 4000, 4500]);
  });

  it('loses power during each of several calls: no call has to wait because of earlier sessions', async () => {
    const clock = new VirtualClock();
    await using emulator = new Emulator({ clock });
    const { list, open } = bound(emulator.transport());
    await using client = new Client({ transport: transport({ list, open }), clock });
    await within(clock, 0, client.info());
    for (let cycle = 0; cycle < 10; cycle++) {
      const call = client.pay(order);
      emulator.powerCycle();
      expect(await within(clock, 0, call)).toMatchObject({ outcome: 'unknown', pending: false });
    }
  });

  it('closes the channel one second after each HELLO: there is no pause', async () => {
    const clock = new VirtualClock();
    await using emulator = new Emulator({ clock });
    const opened: number[] = [];
    const dropping = losing(emulator, (channel, lose) => {
      opened.push(clock.now());
      clock.setTimeout(lose, 1000);
      return channel;
    });
    await using client = new Client({ transport: dropping, clock });
    await clock.advance(4500);
    expect(client.device).toBeDefined();
    expect(opened).toEqual([0, 1000, 2000, 3000, 4000]);
  });

  it('loses the channel while it opens', async () => {
    const clock = new VirtualClock();
    let closes = 0;
    const losing = transport({
      list: async () => [{ id: 'a' }],
      open: async (_device, handlers) => {
        handlers.onClose(new TransportError('disconnected', 'a: gone again'));
        return { write: async () => {}, close: async () => void closes++ };
      },
    });
    await using client = new Client({ transport: losing, clock });
    const result = await within(clock, 100, client.pay(order, { timeoutMs: 100 }));
    expect(result.error?.message).toContain('gone again');
    expect(closes).toBeGreaterThan(0);
  });
});

/**
 * The emulator's transport without change events. `spoil` changes the channel that the host gets, and can report that
 * the channel is lost.
 */
function losing(emulator: Emulator, spoil: (channel: Channel, lose: () => void) => Channel): Transport {
  const { list, open } = bound(emulator.transport());
  return transport({
    list,
    open: async (device, handlers, options) =>
      spoil(await open(device, handlers, options), () =>
        handlers.onClose(new TransportError('disconnected', 'gone again')),
      ),
  });
}

/** The methods of a transport as functions that can be passed on. */
function bound(inner: Transport) {
  return {
    name: inner.name,
    list: inner.list.bind(inner),
    open: inner.open.bind(inner),
    watch: (onChange: () => void) => inner.watch?.(onChange) ?? (() => {}),
  };
}
