import { readdirSync, readlinkSync } from 'node:fs';
import { type Behaviour, Emulator, type EmulatorEvent, loseReplies, VirtualClock } from '@bluetap/emulator';
import { openPty } from '@bluetap/emulator/node';
import { encodeMessage } from '@bluetap/protocol';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { RawHost } from './raw-host.js';

/** An unhandled rejection or an uncaught error in one of these fails the whole run. */
const mistake = new Error('a mistake');
const failures = {
  throws: () => {
    throw mistake;
  },
  rejects: () => Promise.reject(mistake),
};
type Fail = () => never;
const ways = Object.entries(failures) as unknown as readonly [string, Fail][];

let clock: VirtualClock;
let emulator: Emulator;
let told: [unknown, string][];
let wheres: () => string[];

beforeEach(() => {
  clock = new VirtualClock();
  told = [];
  wheres = () => [...new Set(told.map(([, where]) => where))];
  emulator = new Emulator({ clock, onError: (error, where) => told.push([error, where]) });
});

const pay = (host: RawHost) => host.request({ type: 'PAY', paymentMethod: 'TRUEMONEY' });

describe.each(ways)('(C-1) a function of the program that %s', (_, fail) => {
  test('onEvent: the device continues', async () => {
    const options = { clock, onEvent: fail, onError: (error: unknown, where: string) => told.push([error, where]) };
    emulator = new Emulator(options);
    const host = new RawHost(emulator);
    host.hello();
    expect(pay(host)).toMatchObject({ result: 'SUCCESS' });
    emulator.powerCycle();
    await clock.advance(0);
    expect(emulator.snapshot).toMatchObject({ plugged: true, state: 'idle' });
    expect(wheres()).toEqual(['onEvent']);
    expect(told.every(([error]) => error === mistake)).toBe(true);
    await emulator.close();
  });

  test('a behaviour: the message passes on unchanged', async () => {
    emulator.use({ name: 'in', onFrame: fail });
    emulator.use({ name: 'out', onSend: fail });
    const host = new RawHost(emulator);
    host.connection.receive(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 }));
    await clock.advance(0);
    expect(host.take()).toMatchObject([{ message: { type: 'HELLO_REPLY', result: 'SUCCESS' } }]);
    expect(wheres()).toEqual(['behaviour "in" onFrame', 'behaviour "out" onSend']);
  });

  test('a behaviour that has already called next or reply: the message does not pass on again', async () => {
    const handlers: Behaviour[] = [
      {
        name: 'passed',
        onSend: (bytes, next) => {
          next(bytes);
          return fail();
        },
      },
      {
        name: 'answered',
        onFrame: (_frame, _next, context) => {
          context.reply(Uint8Array.of(7));
          return fail();
        },
      },
    ];
    for (const [at, behaviour] of handlers.entries()) {
      const remove = emulator.use(behaviour);
      const host = new RawHost(emulator);
      host.connection.receive(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 }));
      await clock.advance(0);
      expect(host.chunks).toHaveLength(1);
      expect(told).toHaveLength(at + 1);
      remove();
    }
  });

  test('a failed behaviour cannot pass on a message later', async () => {
    emulator.use({
      name: 'late',
      onSend: (bytes, next) => {
        clock.setTimeout(() => next(bytes), 10);
        return fail();
      },
    });
    const host = new RawHost(emulator);
    host.connection.receive(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 }));
    await clock.advance(20);
    expect(host.chunks).toHaveLength(1);
  });

  test('a callback of context.after: the message passes on unchanged', async () => {
    emulator.use({ name: 'after', onSend: (_bytes, _next, context) => context.after(10, fail) });
    const host = new RawHost(emulator);
    host.connection.receive(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 }));
    await clock.advance(9);
    expect(host.chunks).toEqual([]);
    await clock.advance(1);
    expect(host.take()).toMatchObject([{ message: { type: 'HELLO_REPLY' } }]);
    expect(wheres()).toEqual(['behaviour "after" onSend']);
  });

  test('followers: the other followers are called, and close waits for them', async () => {
    let plugs = 0;
    let closed = false;
    emulator.follow({ onPlug: fail, close: fail });
    emulator.follow({
      onPlug: () => plugs++,
      close: async () => {
        await clock.advance(0);
        closed = true;
      },
    });
    emulator.powerCycle();
    expect(plugs).toBe(2);
    await emulator.close();
    expect([plugs, closed]).toEqual([3, true]);
    expect(wheres()).toEqual(['onPlug of a follower', 'close of a follower']);
  });

  test('a peer: the device and its other hosts continue', async () => {
    emulator = new Emulator({ clock, random: () => 0, onError: (error, where) => told.push([error, where]) });
    const connection = emulator.attach({
      name: 'broken',
      send: fail,
      close: fail,
      get congested() {
        return fail();
      },
    });
    connection.receive(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 }));
    connection.receive(encodeMessage({ type: 'PAY', session: 1, sequence: 1, paymentMethod: 'TRUEMONEY' }));
    expect(emulator.tap()).toMatchObject({ taps: 1 });
    const other = new RawHost(emulator);
    expect(other.hello()).toMatchObject({ result: 'SUCCESS', state: 'ready' });
    emulator.unplug();
    expect(other.closed).toBe(true);
    await clock.advance(0);
    expect(wheres()).toEqual(['the peer "broken"']);
  });

  test('random: the device uses the default source of numbers', async () => {
    emulator = new Emulator({ clock, random: fail, onError: (error, where) => told.push([error, where]) });
    const { bootId } = new RawHost(emulator).hello() as { bootId?: number };
    emulator.powerCycle();
    expect(new RawHost(emulator).hello()).not.toMatchObject({ bootId });
    await clock.advance(0);
    expect(wheres()).toEqual(['random']);
  });

  test('the handlers of a channel and the onChange of a watch', async () => {
    const transport = emulator.transport();
    const stop = transport.watch!(fail);
    const [device] = await transport.list();
    const channel = await transport.open(device!, { onData: fail, onClose: fail });
    await channel.write(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 }));
    await clock.advance(0);
    emulator.unplug();
    await channel.close();
    await clock.advance(0);
    stop();
    expect(wheres().toSorted()).toEqual([
      'the onChange of a watch',
      'the onClose of a channel',
      'the onData of a channel',
    ]);
  });

  test('without onError, or if onError fails too: one line of console.error', async () => {
    const lines: string[] = [];
    const print = vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(line));
    const onEvent = () => {
      throw new Error('two\nlines');
    };
    new RawHost(new Emulator({ clock, onEvent }));
    const line = 'simulated device EMU-0001: onEvent failed: Error: two\\u000alines';
    expect(lines).toEqual([line]);
    new RawHost(new Emulator({ clock, onEvent, onError: fail }));
    await clock.advance(0);
    expect(lines).toEqual([line, line, 'simulated device EMU-0001: onError failed: Error: a mistake']);
    print.mockRestore();
  });
});

test('(C-1) a behaviour that passes on neither a frame nor bytes counts as failed', async () => {
  emulator.use({ name: 'in', onFrame: (_frame, next) => next(undefined as never) });
  emulator.use({ name: 'out', onSend: (_bytes, next) => next('text' as never) });
  emulator.use({ name: 'later', onSend: (bytes, next) => void clock.setTimeout(() => next(bytes), 10) });
  const host = new RawHost(emulator);
  host.connection.receive(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 }));
  await clock.advance(10);
  expect(host.take()).toMatchObject([{ message: { type: 'HELLO_REPLY' } }]);
  expect(told.map(([error]) => String(error))).toEqual([
    'TypeError: next() must be given a frame',
    'TypeError: next() must be given bytes, a Uint8Array',
  ]);
});

test('(C-1) a random that returns no number', () => {
  emulator = new Emulator({ random: () => 'x' as never, onError: (error) => told.push([error, '']) });
  expect(new RawHost(emulator).hello()).toMatchObject({ result: 'SUCCESS' });
  expect(String(told[0]![0])).toBe('TypeError: random() must return a number');
});

test('(C-3) a listener that changes its events does not affect the device', () => {
  const spoil = (value: object): void => {
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === 'object' && inner !== null) spoil(inner);
      (value as Record<string, unknown>)[name] = typeof inner === 'number' ? 1 : 'spoilt';
    }
  };
  const options = { clock, random: () => 5, linkTemplate: 'https://x.example/{orderId}' };
  const run = (onEvent: (event: EmulatorEvent) => void) => {
    emulator = new Emulator({ ...options, onEvent });
    const host = new RawHost(emulator);
    const answers: unknown[] = [host.hello()];
    answers.push(host.request({ type: 'PAY', paymentMethod: 'TRUEMONEY', amount: '2.00', orderId: 'A' }));
    const tap = emulator.tap()!;
    answers.push(structuredClone(tap), host.take());
    spoil(tap);
    tap.ndef?.fill?.(0);
    answers.push(host.request({ type: 'STATUS' }), emulator.tap(), host.take());
    spoil(emulator.snapshot);
    emulator.unplug();
    emulator.plug();
    const again = new RawHost(emulator);
    answers.push(again.hello(), emulator.snapshot);
    return answers;
  };
  expect(run(spoil)).toEqual(run(() => {}));
});

test('(C-1) if a behaviour is used twice, each returned function removes one use', () => {
  const behaviour = loseReplies(Number.POSITIVE_INFINITY);
  const removals = [emulator.use(behaviour), emulator.use(behaviour)];
  removals[0]!();
  const host = new RawHost(emulator);
  expect(host.exchange(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 }))).toEqual([]);
  removals[1]!();
  expect(host.hello()).toMatchObject({ result: 'SUCCESS' });
});

test('(C-1) if the callbacks of openPty fail, another terminal is still opened', async () => {
  const wanted = ['onAddress of openPty()', 'onError of openPty()'];
  let seen = () => {};
  const onError = (_: unknown, where: string) => {
    wanted.splice(wanted.indexOf(where), 1);
    if (wanted.length === 0) seen();
  };
  emulator = new Emulator({ onError });
  const fail = () => Promise.reject(mistake);
  const listener = await openPty(emulator, { onAddress: fail, onError: fail });
  const both = new Promise<void>((resolve) => {
    seen = resolve;
  });
  // The processes that keep the terminal open end. The terminal closes, and another terminal replaces it.
  const holders = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && holds(pid, listener.address));
  for (const pid of holders) kill(Number(pid));
  await both;
  await emulator.close();
});

/** True if a process is the shell in the terminal, which becomes a `cat`. */
function holds(pid: string, terminal: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/fd/2`) === terminal;
  } catch {
    return false;
  }
}

/** Kills a process. It can already have ended because another of these processes ended. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    expect(error).toMatchObject({ code: 'ESRCH' });
  }
}
