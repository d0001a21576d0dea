import { Emulator, ignoreRequests, VirtualClock, wrongSession } from '@bluetap/emulator';
import { encodeMessage, MessageType, Reason } from '@bluetap/protocol';
import { encodeFrame } from '@bluetap/protocol/tools';
import { type AbortOptions, type Channel, type ChannelHandlers, TransportError } from '@bluetap/transport';
import { expect, it } from 'vitest';
import { Client, type ClientOptions, type LogFields } from '../../src/index.js';
import { order, rigs, within } from '../rig.js';

const start = rigs();

type Wrap = (channel: Channel, handlers: ChannelHandlers) => Partial<Channel>;

/** A client and an emulated device with a channel between them that `wrap` changes. */
function startWrapped(wrap: Wrap, options: Partial<ClientOptions> = {}) {
  const clock = new VirtualClock();
  const emulator = new Emulator({ clock });
  const inner = emulator.transport();
  const client = new Client({
    clock,
    ...options,
    transport: {
      name: 'wrapped',
      list: (options) => inner.list(options),
      open: async (device, handlers, options) => {
        const channel = await inner.open(device, handlers, options);
        const whole = {
          write: (bytes: Uint8Array, options?: AbortOptions) => channel.write(bytes, options),
          close: () => channel.close(),
        };
        return { ...whole, ...wrap(channel, handlers) };
      },
    },
  });
  const lost: unknown[] = [];
  client.on('disconnected', (error) => lost.push(error));
  return {
    clock,
    emulator,
    client,
    lost,
    async [Symbol.asyncDispose]() {
      await client.close();
      await emulator.close();
      expect(clock.pending).toBe(0);
    },
  };
}

/**
 * The same with a session in which each write waits until `finish` is called. `hear` gives the client bytes that the
 * device did not send.
 */
async function startSlow() {
  let slow: Promise<void> | undefined;
  let finish = () => {};
  let hear: ChannelHandlers['onData'] = () => {};
  const one = startWrapped((channel, handlers) => {
    hear = handlers.onData;
    return {
      write: async (bytes) => {
        await slow;
        await channel.write(bytes);
      },
    };
  });
  await within(one.clock, 0, one.client.info());
  slow = new Promise((resolve) => {
    finish = () => {
      slow = undefined;
      resolve();
    };
  });
  /** Gives up a STATUS whose write does not end, so that the next write waits behind it. */
  const hang = async () => {
    const controller = new AbortController();
    const why = new Error('the shopper left');
    const asking = one.client.status({ signal: controller.signal }).catch((error) => error);
    await one.clock.advance(100);
    controller.abort(why);
    expect(await within(one.clock, 0, asking)).toBe(why);
  };
  return { ...one, hang, finish: () => finish(), hear: (bytes: Uint8Array) => hear(bytes) };
}

it('a write fails with an error of the transport: the channel is given up with that error', async () => {
  const error = new TransportError('io', 'EPIPE: unplug it and plug it in again');
  let failing = false;
  await using one = startWrapped((channel) => ({
    write: (bytes) => (failing ? Promise.reject(error) : channel.write(bytes)),
  }));
  await within(one.clock, 0, one.client.info());
  failing = true;
  const paying = one.client.pay(order);
  await one.clock.advance(0);
  failing = false;
  expect(await within(one.clock, 1000, paying)).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'not-executed' });
  expect(one.lost).toEqual([error]);
});

it('a slow write whose caller aborts continues to its end, and the channel stays open', async () => {
  const why = new Error('the shopper left');
  await using one = await startSlow();
  const controller = new AbortController();
  const paying = one.client.pay(order, { signal: controller.signal });
  await one.clock.advance(100);
  controller.abort(why);
  expect(await within(one.clock, 0, paying)).toMatchObject({
    outcome: 'unknown',
    pending: true,
    error: { cause: why },
  });
  one.finish();
  expect(await within(one.clock, 0, one.client.pay(order))).toMatchObject({ code: 'SUCCESS' });
  expect(one.lost).toEqual([]);
});

it('a PAY that waits behind a slow write is repeated one second after it has left', async () => {
  await using one = await startSlow();
  await one.hang();
  const times: number[] = [];
  one.emulator.use({
    name: 'no PAY arrives',
    onFrame: (frame, next) => {
      if (frame.type === MessageType.PAY) times.push(one.clock.now());
      else next(frame);
    },
  });
  const asked = one.clock.now();
  const paying = one.client.pay(order);
  await one.clock.advance(900);
  one.finish();
  expect(await within(one.clock, 5000, paying)).toMatchObject({ outcome: 'not-executed' });
  expect(times.map((time) => time - asked)).toEqual([900, 1900, 2900]);
  expect(one.lost).toEqual([]);
});

it('a PAY that waits behind a slow write ends with the channel', async () => {
  await using one = await startSlow();
  await one.hang();
  const paying = one.client.pay(order);
  await one.clock.advance(100);
  one.emulator.unplug();
  one.emulator.plug();
  one.finish();
  expect(await within(one.clock, 0, paying)).toMatchObject({ outcome: 'not-executed' });
  expect(one.lost).toHaveLength(1);
});

it('a message that comes before its question has left is no answer', async () => {
  await using one = await startSlow();
  const controller = new AbortController();
  const paying = one.client.pay(order, { signal: controller.signal });
  await one.clock.advance(100);
  controller.abort();
  expect(await within(one.clock, 0, paying)).toMatchObject({ outcome: 'unknown', pending: true });
  // The client asks with HELLO, and that waits behind the PAY. A refusal of HELLO has no nonce.
  const result = 'UNKNOWN_EXCEPTION';
  one.hear(
    encodeMessage({
      type: 'HELLO_REPLY',
      session: 0,
      sequence: 0,
      result,
      reason: Reason.INTERNAL_ERROR,
      state: 'idle',
    }),
  );
  expect(one.client.statistics.strayMessages).toBe(1);
  const resolved = new Promise((resolve) => one.client.on('resolved', resolve));
  one.finish();
  expect(await within(one.clock, 0, resolved)).toMatchObject({ outcome: 'executed' });
  expect(one.lost).toEqual([]);
});

it('a PAY whose caller aborts while it waits behind a slow write never leaves', async () => {
  const why = new Error('the shopper left');
  await using one = await startSlow();
  const controller = new AbortController();
  await one.hang();
  const paying = one.client.pay(order, { signal: controller.signal });
  await one.clock.advance(100);
  controller.abort(why);
  expect(await within(one.clock, 0, paying)).toMatchObject({ outcome: 'unknown', pending: true });
  one.finish();
  await one.clock.advance(1000);
  expect(one.emulator.counters.payFrames).toBe(0);
});

it('bytes that wait for a write that never ends are not written after the channel was given up', async () => {
  let slow: Promise<void> | undefined;
  let finish = () => {};
  let begun = 0;
  await using one = startWrapped((channel) => ({
    write: async (bytes) => {
      begun++;
      await slow;
      await channel.write(bytes);
    },
  }));
  await within(one.clock, 0, one.client.info());
  slow = new Promise((resolve) => {
    finish = resolve;
  });
  const paying = one.client.pay(order, { timeoutMs: 100 });
  await one.clock.advance(100);
  expect(await within(one.clock, 0, paying)).toMatchObject({ outcome: 'unknown', pending: true });
  // The HELLO that must resolve the doubt waits for its turn.
  await one.clock.advance(999);
  expect(begun).toBe(2);
  expect(one.lost).toEqual([]);
  slow = undefined;
  await one.clock.advance(1);
  expect(one.lost).toMatchObject([{ code: 'timeout' }]);
  await one.clock.advance(0);
  begun = 0;
  finish();
  await one.clock.advance(0);
  expect(begun).toBe(0);
});

it('bytes of a channel that was given up are ignored', async () => {
  let failing = false;
  let late: ChannelHandlers | undefined;
  await using one = startWrapped((channel, handlers) => ({
    write: async (bytes) => {
      if (!failing) return channel.write(bytes);
      late = handlers;
      throw new Error('EIO');
    },
  }));
  await within(one.clock, 0, one.client.info());
  failing = true;
  const paying = one.client.pay(order);
  await one.clock.advance(0);
  late?.onData(Uint8Array.of(0, 1, 2, 3, 0));
  failing = false;
  expect(await within(one.clock, 1000, paying)).toMatchObject({ outcome: 'not-executed' });
  expect(one.client.statistics.droppedFrames).toBe(0);
});

it('a frame that cannot be read is counted, and logged with the code of its damage or the reason of section 3', async () => {
  const dropped: unknown[] = [];
  const ignore = () => {};
  const debug = (message: string, fields?: LogFields) => {
    if (message.startsWith('dropped')) dropped.push(fields);
  };
  let handlers!: ChannelHandlers;
  await using one = startWrapped(
    (_, given) => {
      handlers = given;
      return {};
    },
    { logger: { debug, info: ignore, warn: ignore, error: ignore } },
  );
  await within(one.clock, 0, one.client.info());
  handlers.onData(Uint8Array.of(0, 2, 0));
  handlers.onData(encodeFrame({ version: 2, type: 0x84, session: 1, sequence: 1 }));
  handlers.onData(encodeFrame({ type: 0x99, session: 1, sequence: 1 }));
  expect(dropped).toEqual([{ code: 'cobs' }, { reason: Reason.UNKNOWN_VERSION }, { reason: Reason.UNKNOWN_TYPE }]);
  expect(one.client.statistics.droppedFrames).toBe(3);
});

it('a random source that repeats its numbers: each HELLO still has a new nonce', async () => {
  const { client, emulator, within } = start({ random: () => 0xffffffff });
  const nonces: string[] = [];
  emulator.use(ignoreRequests(2, { type: 'HELLO' }));
  emulator.use({
    name: 'listen',
    onFrame: (frame, next) => {
      nonces.push(frame.payload.subarray(2).toString());
      next(frame);
    },
  });
  await within(2000, client.info());
  expect(nonces).toEqual(['255,255,255,255', '0,0,0,0', '255,255,255,255']);
});

it('a LINK of another session is dropped and counted', async () => {
  const { client, emulator, clock, events, within } = start();
  await within(0, client.pay(order));
  emulator.use(wrongSession({ type: 'LINK' }));
  emulator.tap();
  await clock.advance(0);
  expect(events('link')).toEqual([]);
  expect(client.statistics.strayMessages).toBe(1);
});
