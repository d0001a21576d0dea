import { EventEmitter } from 'node:events';
import { VirtualClock } from '@bluetap/emulator';
import { type Channel, type Transport, TransportError } from '@bluetap/transport';
import { hid, type NodeHid } from '@bluetap/transport-hid';
import { type SerialBinding, serial } from '@bluetap/transport-serial';
import { type NodeUsb, type UsbDevice, usb } from '@bluetap/transport-usb';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** How a library handles a call: correctly, or in one of the bad ways that were observed. */
const MANNERS = ['works', 'rejects', 'rejects with a text', 'throws', 'hangs', 'comes late'] as const;
type Manner = (typeof MANNERS)[number];

const LATE_MS = 5000;
const CALLS = ['list', 'open', 'configure', 'read', 'write', 'close'] as const;
const ERRORS = [
  'could not read from HID device',
  new Error('transferIn error: Disconnected'),
  new Error('stall'),
  undefined,
];

/** A library in which the test decides how each call behaves, and what the device sends and when. */
class Rogue {
  readonly clock: VirtualClock;
  readonly manners = new Map<string, Manner>();
  /** Sends bytes or an error from the device. */
  emit: (what: Uint8Array | { error: unknown }) => void = () => {};

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  /** Performs a call. If the call works, it returns `value`. */
  call<T>(name: (typeof CALLS)[number], value: () => T): Promise<T> {
    const failure = new Error(`${name} error: fault`);
    switch (this.manners.get(name) ?? 'works') {
      case 'works':
        return Promise.resolve().then(value);
      case 'rejects':
        return Promise.reject(failure);
      case 'rejects with a text':
        return Promise.reject('a text');
      case 'throws':
        throw failure;
      case 'hangs':
        return new Promise(() => {});
      case 'comes late':
        return new Promise((resolve) => this.clock.setTimeout(() => resolve(value()), LATE_MS));
    }
  }
}

function rogueHid(rogue: Rogue): Transport {
  const open = () => {
    const handle = new EventEmitter();
    // The library itself sends nothing before there is a listener for data, and nothing after a close.
    let reading = false;
    handle.once('newListener', () => process.nextTick(() => (reading = true)));
    rogue.emit = (what) => {
      if (!reading) return;
      if (what instanceof Uint8Array) handle.emit('data', what);
      else handle.emit('error', what.error);
    };
    return Object.assign(handle, {
      write: (report: number[] | Buffer) => rogue.call('write', () => report.length),
      close: () =>
        rogue.call('close', () => {
          reading = false;
          handle.removeAllListeners();
        }),
    });
  };
  const library: NodeHid = {
    devicesAsync: () => rogue.call('list', () => [{ path: 'here' }]),
    HIDAsync: { open: () => rogue.call('open', open) },
  };
  return hid({ load: async () => library, clock: rogue.clock });
}

/** Reads that wait for the bytes of the device, in order. */
class Source {
  readonly #waiting: ((what: Uint8Array | { error: unknown }) => void)[] = [];
  readonly #said: (Uint8Array | { error: unknown })[] = [];

  say(what: Uint8Array | { error: unknown }): void {
    const next = this.#waiting.shift();
    if (next) next(what);
    else this.#said.push(what);
  }

  async next(): Promise<Uint8Array> {
    const what =
      this.#said.shift() ?? (await new Promise<Uint8Array | { error: unknown }>((go) => this.#waiting.push(go)));
    if (what instanceof Uint8Array) return what;
    throw what.error;
  }
}

function rogueSerial(rogue: Rogue): Transport {
  const open = () => {
    const source = new Source();
    rogue.emit = (what) => source.say(what);
    return {
      read: async (buffer: Buffer, offset: number) => {
        const bytes = await source.next();
        await rogue.call('read', () => {});
        buffer.set(bytes, offset);
        return { bytesRead: bytes.length };
      },
      write: () => rogue.call('write', () => {}),
      set: () => rogue.call('configure', () => {}),
      flush: () => rogue.call('configure', () => {}),
      close: () => rogue.call('close', () => source.say({ error: new Error('Canceled') })),
    };
  };
  const library: SerialBinding = {
    list: () => rogue.call('list', () => [{ path: '/dev/null', vendorId: '1209', productId: '0001' }]),
    open: () => rogue.call('open', open),
  };
  return serial({ load: async () => library, clock: rogue.clock });
}

function rogueUsb(rogue: Rogue): Transport {
  const device = (): UsbDevice => {
    const source = new Source();
    rogue.emit = (what) => source.say(what);
    const endpoint = (direction: string) => ({ endpointNumber: 2, direction, type: 'bulk' });
    const alternate = { interfaceClass: 0xff, endpoints: [endpoint('in'), endpoint('out')] };
    return {
      vendorId: 0x1209,
      productId: 0x0001,
      bus: '1',
      address: 1,
      configurations: [{ configurationValue: 1, interfaces: [{ interfaceNumber: 1, alternate }] }],
      open: () => rogue.call('open', () => {}),
      close: () => rogue.call('close', () => {}),
      selectConfiguration: () => rogue.call('configure', () => {}),
      claimInterface: () => rogue.call('configure', () => {}),
      releaseInterface: () => rogue.call('close', () => {}),
      controlTransferOut: () => rogue.call('configure', () => ({ status: 'ok', bytesWritten: 0 })),
      clearHalt: () => rogue.call('configure', () => {}),
      transferIn: async (_, _length, timeout) => {
        await rogue.call('read', () => {});
        const timer = rogue.clock.setTimeout(
          () => source.say({ error: new Error('transferIn error: Cancelled') }),
          timeout,
        );
        try {
          const bytes = await source.next();
          return { status: 'ok', data: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
        } finally {
          rogue.clock.clearTimeout(timer);
        }
      },
      transferOut: (_, data) => rogue.call('write', () => ({ status: 'ok', bytesWritten: data.length })),
    };
  };
  const library: NodeUsb = { usb: { getDevices: () => rogue.call('list', () => [device()]) } };
  return usb({ load: async () => library, clock: rogue.clock });
}

type Step =
  | { readonly do: 'behave'; readonly call: (typeof CALLS)[number]; readonly manner: Manner }
  | { readonly do: 'emit'; readonly bytes: number }
  | { readonly do: 'fail'; readonly error: unknown }
  | { readonly do: 'write' | 'close' | 'abort'; readonly bytes: number }
  | { readonly do: 'open' | 'list' | 'watch' | 'unwatch' | 'turn' }
  | { readonly do: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('behave' as const),
    call: fc.constantFrom(...CALLS),
    manner: fc.constantFrom(...MANNERS),
  }),
  fc.record({ do: fc.constant('emit' as const), bytes: fc.constantFrom(0, 1, 64, 200) }),
  fc.record({ do: fc.constant('fail' as const), error: fc.constantFrom(...ERRORS) }),
  fc.record({
    do: fc.constantFrom('write' as const, 'close' as const, 'abort' as const),
    bytes: fc.constantFrom(1, 64, 200),
  }),
  fc.record({
    do: fc.constantFrom('open' as const, 'list' as const, 'watch' as const, 'unwatch' as const, 'turn' as const),
  }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 60, 300, 1000, 4000) }),
);

/** Longer than every time limit of a transport, and longer than every late answer. */
const LONG_MS = 30_000;

async function play(make: (rogue: Rogue) => Transport, steps: readonly Step[]): Promise<void> {
  const clock = new VirtualClock();
  const rogue = new Rogue(clock);
  const transport = make(rogue);
  const links: Channel[] = [];
  const ends: number[] = [];
  const settled: Promise<unknown>[] = [];
  const unwatch: (() => void)[] = [];
  const wrong: unknown[] = [];
  const outcome = (work: Promise<unknown>) =>
    void settled.push(
      work.catch((error: Error) => {
        if (!(error instanceof TransportError || error.name === 'AbortError')) wrong.push(error);
      }),
    );
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  const act = (each: Step): unknown => {
    switch (each.do) {
      case 'behave':
        return rogue.manners.set(each.call, each.manner);
      case 'emit':
        return rogue.emit(new Uint8Array(each.bytes));
      case 'fail':
        return rogue.emit({ error: each.error });
      case 'list':
        return outcome(transport.list());
      case 'watch':
        return unwatch.push(transport.watch!(() => {}));
      case 'unwatch':
        return unwatch.pop()?.();
      case 'open': {
        const at = ends.push(0) - 1;
        const handlers = {
          onData: () => expect(ends[at], 'onData after onClose').toBe(0),
          onClose: () => void ends[at]!++,
        };
        const id = transport.name === 'usb' ? 'usb:1:1' : transport.name === 'hid' ? 'here' : '/dev/null';
        return outcome(
          transport.open({ id }, handlers).then(
            (link) => links.push(link),
            () => (ends[at] = 1),
          ),
        );
      }
      case 'write':
        return outcome(links.at(-1)?.write(new Uint8Array(each.bytes)) ?? Promise.resolve());
      case 'abort': {
        const abort = new AbortController();
        outcome(links.at(-1)?.write(new Uint8Array(each.bytes), { signal: abort.signal }) ?? Promise.resolve());
        return abort.abort();
      }
      case 'close':
        return outcome(links.at(-1)?.close() ?? Promise.resolve());
      case 'turn':
        return turn();
      case 'wait':
        return clock.advance(each.ms);
    }
  };
  for (const each of steps) await act(each);

  for (const stop of unwatch) stop();
  // A channel that opens late does not go to another caller.
  for (let round = 0; round < 3; round++) {
    for (const link of links) outcome(link.close());
    await turn();
    await clock.advance(LONG_MS);
  }
  await turn();
  const open = await Promise.race([Promise.all(settled), turn().then(turn)]);
  expect(open, 'a call has not settled').toBeInstanceOf(Array);
  expect(wrong, 'errors that are no TransportError').toEqual([]);
  expect(ends, 'onClose of each channel').toEqual(ends.map(() => 1));
  expect(clock.pending, 'timers that are left').toBe(0);
}

describe.each([
  ['hid', rogueHid],
  ['usb', rogueUsb],
  ['serial', rogueSerial],
])('%s', (_, make) => {
  it('ends every call and every channel, and leaves nothing, for any behaviour of the library', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', note).on('uncaughtException', note);
    try {
      const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        await play(make, [{ do: 'open' }, { do: 'wait', ms: 0 }, ...steps]);
        expect(unhandled.splice(0), 'what would have ended the process').toEqual([]);
      });
      await fc.assert(property, { numRuns: 500 });
    } finally {
      process.off('unhandledRejection', note).off('uncaughtException', note);
    }
  }, 60_000);
});
