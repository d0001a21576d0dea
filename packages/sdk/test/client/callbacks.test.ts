import { ignoreRequests, loseReplies } from '@bluetap/emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnosticLogger, record } from '../../src/diagnostics/index.js';
import { type Attempt, Client, type LogFields } from '../../src/index.js';
import { order, rigs } from '../rig.js';

const start = rigs();

const unhandled: unknown[] = [];
const keep = (reason: unknown) => unhandled.push(reason);
beforeEach(() => void process.on('unhandledRejection', keep));
afterEach(() => void process.off('unhandledRejection', keep));
/** Node reports an unhandled rejection when the microtasks are done. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The type that TypeScript accepts for a function without a return value. */
const fail: () => void = (async () => {
  throw new Error('db locked');
}) as () => unknown;

describe('a function of the program that rejects affects no payment and does not end the program (C-1)', () => {
  it('listeners of every event: the error is logged', async () => {
    const errors: unknown[] = [];
    const silent = () => {};
    const error = (message: string, fields?: LogFields) => void errors.push([message, fields?.['error']]);
    const { client, emulator, clock, within } = start({ logger: { debug: silent, info: silent, warn: silent, error } });
    for (const name of ['connected', 'disconnected', 'link', 'resolved'] as const) client.on(name, fail);
    emulator.use(loseReplies(1, { type: 'PAY' }));
    expect(await within(0, client.info())).toBeDefined();
    await within(100, client.pay(order, { timeoutMs: 100 }));
    await clock.advance(1000);
    emulator.tap();
    emulator.unplug();
    await clock.advance(0);
    await turn();
    expect([...new Set(errors.map(String))].sort()).toEqual(
      ['connected', 'disconnected', 'link', 'resolved'].map(
        (name) => `a listener of "${name}" failed,Error: db locked`,
      ),
    );
    expect(unhandled).toEqual([]);
  });

  it.each([true, false])('a logger, through diagnosticLogger: %s', async (through) => {
    const logger = { debug: fail, info: fail, warn: fail, error: fail };
    const { client, within } = start({ logger: through ? diagnosticLogger(logger) : logger });
    expect(await within(0, client.pay(order))).toMatchObject({ code: 'SUCCESS' });
    await turn();
    expect(unhandled).toEqual([]);
  });

  it('a recorder', async () => {
    const { emulator, clock } = start();
    const recording = record(emulator.transport(), { write: fail, clock });
    const client = new Client({ transport: recording.transport, logger: recording.logger, clock });
    const paying = client.pay(order);
    await clock.advance(0);
    expect(await paying).toMatchObject({ code: 'SUCCESS' });
    await client.close();
    recording.end();
    await turn();
    expect(unhandled).toEqual([]);
  });

  it('onAttempt: nothing is sent', async () => {
    const { client, within, requests } = start();
    expect(await within(0, client.pay(order, { onAttempt: fail }))).toMatchObject({ outcome: 'not-sent' });
    expect(requests()).toEqual(['HELLO']);
  });

  it('a transport that throws, rejects or returns nothing, in each of its functions', async () => {
    const throwing = () => {
      throw new Error('no bus');
    };
    for (const bad of [throwing, fail, () => undefined, async () => 5]) {
      const { emulator, clock } = start();
      const inner = emulator.transport();
      const good = {
        name: 'bad',
        list: () => inner.list(),
        open: inner.open.bind(inner),
        watch: inner.watch?.bind(inner),
      };
      for (const part of ['list', 'open', 'watch'] as const) {
        const client = new Client({ transport: { ...good, [part]: bad } as never, clock });
        const paying = client.pay(order);
        await clock.advance(5000);
        expect(await paying).toMatchObject({ outcome: part === 'watch' ? 'executed' : 'not-sent' });
        const closing = client.close();
        await clock.advance(1000);
        await closing;
      }
      for (const part of ['write', 'close'] as const) {
        const open: typeof inner.open = async (...all) => ({ ...wrap(await inner.open(...all)), [part]: bad });
        const client = new Client({ transport: { ...good, open } as never, clock });
        const paying = client.pay(order);
        await clock.advance(5000);
        await paying;
        const closing = client.close();
        await clock.advance(1000);
        await closing;
      }
      const stopping = new Client({ transport: { ...good, watch: () => bad } as never, clock });
      const closing = stopping.close();
      await clock.advance(1000);
      await closing;
    }
    await turn();
    expect(unhandled).toEqual([]);
  });

  it('a list that is not an array is refused with a message', async () => {
    const { clock } = start();
    const client = new Client({ transport: { name: 'odd', list: async () => null, open: fail } as never, clock });
    const asking = client.info({ timeoutMs: 100 }).catch((error) => error.message);
    await clock.advance(100);
    expect(await asking).toContain('odd: list() must return an array of devices, but returned null');
    await client.close();
  });
});

const wrap = (channel: { write: (bytes: Uint8Array) => Promise<void>; close: () => Promise<void> }) => ({
  write: (bytes: Uint8Array) => channel.write(bytes),
  close: () => channel.close(),
});

describe('a device filter (C-2)', () => {
  it.each([
    ['a promise of no', async () => false, 'an object'],
    ['a promise that fails', fail, 'an object'],
    ['nothing', () => undefined, 'undefined'],
    ['a string', () => 'no', '"no"'],
  ])('that returns %s is refused, and accepts no device', async (_name, device, what) => {
    const { client, within, requests } = start({ device: device as never });
    const result = await within(5000, client.pay(order));
    expect(result).toMatchObject({ outcome: 'not-sent' });
    expect(result.error?.message).toContain(
      `The device filter must return true or false, not a promise, but returned ${what} for EMU-0001 (emulator:1).`,
    );
    await turn();
    expect(requests()).toEqual([]);
    expect(unhandled).toEqual([]);
  });

  it('that throws accepts no device', async () => {
    const filter = () => {
      throw new Error('no list');
    };
    const { client, within } = start({ device: filter });
    expect(await within(5000, client.pay(order))).toMatchObject({
      error: { message: expect.stringContaining('no list') },
    });
  });

  it('cannot change which device is opened', async () => {
    const filter = (device: { id: string }) => {
      device.id = 'another';
      return true;
    };
    const { client, within } = start({ device: filter as never });
    expect(await within(0, client.info())).toMatchObject({ id: 'emulator:1' });
  });
});

describe('a change of a returned object cannot change a decision (C-3)', () => {
  const spoil = (attempt: Attempt): void => {
    const open = attempt as { -readonly [Name in keyof Attempt]: never };
    for (const name of Object.keys(open)) open[name as keyof Attempt] = 'spoilt' as never;
  };

  it('an attempt that onAttempt changes', async () => {
    const { client, emulator, within } = start();
    emulator.use(loseReplies(3, { type: 'PAY' }));
    const result = await within(3000, client.pay(order, { onAttempt: spoil }));
    expect(result).toMatchObject({
      code: 'SUCCESS',
      outcome: 'executed',
      linkLive: 'yes',
      attempt: { serialNumber: 'EMU-0001' },
    });
  });

  it('the last command in an attempt, the attempt of a pending result, an attempt that was given to the client', async () => {
    const { client, emulator, clock, within, events } = start();
    await within(0, client.pay(order));
    emulator.use(loseReplies(1, { type: 'PAY' }));
    const onAttempt = ({ last }: Attempt) => Object.assign(last as object, { session: 0 });
    const result = await within(100, client.pay(order, { timeoutMs: 100, onAttempt }));
    expect(result).toMatchObject({ outcome: 'unknown', pending: true });
    const written = structuredClone(result.attempt!);
    const asked = client.outcomeOf(result.attempt!);
    spoil(result.attempt!);
    await clock.advance(1000);
    expect(events('resolved')).toMatchObject([{ outcome: 'executed', linkLive: 'yes' }]);
    expect(await asked).toMatchObject({ outcome: 'executed' });

    const given = structuredClone(written);
    const later = new Client({ transport: emulator.transport(), clock, pendingAttempts: [given] });
    const resolved: unknown[] = [];
    later.on('resolved', (event) => resolved.push(event));
    spoil(given);
    await clock.advance(0);
    expect(resolved).toMatchObject([{ outcome: 'executed', linkLive: 'yes' }]);
    await later.close();
  });

  it('the attempt of a CANCEL of one order, and of any order, is complete', async () => {
    const { client, within } = start();
    const told: Attempt[] = [];
    const onAttempt = (attempt: Attempt) => void told.push(attempt);
    const one = await within(0, client.cancel({ orderId: 'A' }, { onAttempt }));
    const any = await within(0, client.cancel({}, { onAttempt }));
    expect(told).toEqual([one.attempt, any.attempt]);
    expect(told.map(({ oneOrder }) => oneOrder)).toEqual([true, undefined]);
  });

  it('the last command in the attempt of a refused command', async () => {
    const { client, emulator, clock, within } = start();
    await within(0, client.pay(order));
    const refused = await within(0, client.cancel({ orderId: 'another' }));
    expect(refused).toMatchObject({ outcome: 'refused' });
    Object.assign(refused.attempt!.last!, { session: 0, sequence: 0 });
    emulator.use(ignoreRequests(3, { type: 'PAY' }));
    const paying = client.pay(order);
    await clock.advance(3000);
    expect(await paying).toMatchObject({ outcome: 'not-executed' });
  });

  it('events, and the result of status', async () => {
    const { client, emulator, clock, within, events } = start();
    client.on('link', (event) => Object.assign(event, { state: 'idle', taps: 9 }));
    client.on('connected', (event) => Object.assign(event, { state: 'expired', serialNumber: 'X' }));
    await within(0, client.pay(order));
    emulator.tap();
    await clock.advance(0);
    Object.assign(await within(0, client.status()), { state: 'cancelled', taps: 7 });
    client.on('link', (event) => expect(event).toMatchObject({ state: 'expired', taps: 1 }));
    await clock.advance(900_000);
    expect(events('link')).toHaveLength(2);
    expect(client.device?.serialNumber).toBe('EMU-0001');
  });

  it('the bytes of a command that a transport changes: every copy is still the same', async () => {
    const { emulator, clock } = start();
    const inner = emulator.transport();
    const seen: string[] = [];
    const transport = {
      name: 'spoiling',
      list: () => inner.list(),
      open: async (...all: Parameters<typeof inner.open>) => {
        const channel = await inner.open(...all);
        return {
          write: async (bytes: Uint8Array) => {
            seen.push(bytes.join());
            await channel.write(bytes);
            bytes.fill(0);
          },
          close: () => channel.close(),
        };
      },
    };
    emulator.use(loseReplies(2, { type: 'PAY' }));
    const client = new Client({ transport, clock });
    const paying = client.pay(order);
    await clock.advance(2000);
    expect(await paying).toMatchObject({ code: 'SUCCESS' });
    expect(new Set(seen.slice(1)).size).toBe(1);
    expect(seen).toHaveLength(4);
    await client.close();
  });
});

describe('a call never rejects, whatever a function throws or returns (C-1)', () => {
  const unreadable = (): unknown => Object.create(null);
  const lying = (): unknown =>
    Object.defineProperty(new Error(), 'message', {
      get() {
        throw new Error('no message');
      },
    });

  it.each([
    ['an object that cannot be converted to a string', unreadable],
    ['an error whose message cannot be read', lying],
    ['a symbol', () => Symbol('s')],
    ['null', () => null],
    ['nothing', () => undefined],
  ])('%s, as an error of onAttempt, the filter or a listener, and as the reason of a signal', async (_name, what) => {
    const thrower = () => {
      throw what();
    };
    const { client, within } = start();
    client.on('connected', thrower);
    expect(await within(0, client.pay(order, { onAttempt: thrower }))).toMatchObject({
      code: 'PROCESS_FAIL',
      outcome: 'not-sent',
    });
    const signal = {
      ...new EventTarget(),
      addEventListener() {},
      removeEventListener() {},
      aborted: true,
      reason: what(),
    };
    expect(await within(0, client.pay(order, { signal: signal as never }))).toMatchObject({ outcome: 'not-sent' });
    const filtered = start({ device: thrower });
    expect(await filtered.within(100, filtered.client.pay(order, { timeoutMs: 100 }))).toMatchObject({
      code: 'DEVICE_DISCONNECTED',
      outcome: 'not-sent',
    });
    await turn();
    expect(unhandled).toEqual([]);
  });
});

describe('a source of random numbers (C-1)', () => {
  it.each<[string, () => unknown, string]>([
    ['a promise that fails', fail, 'an object'],
    ['a promise', async () => 7, 'an object'],
    ['a fraction', () => 0.25, '0.25'],
    ['a number that is too large', () => 2 ** 32, '4294967296'],
    ['a symbol', () => Symbol('s'), 'Symbol(s)'],
    ['nothing', () => undefined, 'undefined'],
  ])('that returns %s is refused, and nothing is sent', async (_name, random, what) => {
    const { client, within, requests } = start({ random: random as never });
    const result = await within(5000, client.pay(order));
    expect(result).toMatchObject({ code: 'PARAM_ILLEGAL', outcome: 'not-sent' });
    expect(result.error?.message).toContain(`from 0 to 4294967295, not a promise, but returned ${what}.`);
    expect(requests()).toEqual([]);
    await turn();
    expect(unhandled).toEqual([]);
  });
});
