import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { VirtualClock } from '@bluetap/emulator';
import { encodeMessage } from '@bluetap/protocol';
import { encodeFrame } from '@bluetap/protocol/tools';
import { type Transport, TransportError } from '@bluetap/transport';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  CHANNELS,
  type ClientMessage,
  type DataMessage,
  diagnose,
  diagnoseClient,
  diagnosticLogger,
  type FrameMessage,
  type ListContext,
  type LogMessage,
  type OpenContext,
  type WriteContext,
} from '../../src/diagnostics/index.js';
import type { Logger } from '../../src/index.js';
import { order, rigs } from '../rig.js';
import { ends, HandTransport } from './harness.js';

const start = rigs();

const { list, open, write, ...PLAIN } = CHANNELS;
const TRACED = [list, open, write].flatMap((name) =>
  ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((event) => `tracing:${name}:${event}`),
);

// biome-ignore lint/suspicious/noExplicitAny: the tests check the contents of the messages.
type Told = { name: string; message: any };

/** Everything that these channels publish until the test ends, in order. */
function listen(names: readonly string[] = [...TRACED, ...Object.values(PLAIN)]): Told[] {
  const told: Told[] = [];
  for (const name of names) {
    const listener = (message: unknown) => told.push({ name, message });
    subscribe(name, listener);
    onTestFinished(() => void unsubscribe(name, listener));
  }
  return told;
}

const hello = encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 });
const status = encodeMessage({ type: 'STATUS', session: 7, sequence: 3 });

async function opened(inner = new HandTransport(), clock = new VirtualClock()) {
  const transport = diagnose(inner, { clock });
  const host = ends();
  const channel = await transport.open(inner.device, host.handlers);
  return { inner, clock, transport, channel, ...host };
}

describe('the channels of a transport', () => {
  it('publish everything, in the order in which it happens', async () => {
    const told = listen();
    const { inner, channel } = await opened();
    await channel.write(hello);
    inner.handlers.onData(status.slice(0, 5));
    inner.handlers.onData(status.slice(5));
    await channel.close();
    expect(told.map(({ name }) => name)).toEqual([
      'tracing:bluetap:open:start',
      'tracing:bluetap:open:end',
      'tracing:bluetap:open:asyncStart',
      'tracing:bluetap:open:asyncEnd',
      'tracing:bluetap:write:start',
      'bluetap:frame',
      'tracing:bluetap:write:end',
      'tracing:bluetap:write:asyncStart',
      'tracing:bluetap:write:asyncEnd',
      'bluetap:data',
      'bluetap:data',
      'bluetap:frame',
      'bluetap:close',
    ]);
    const { channel: number } = told[0]!.message as OpenContext;
    const context = { transport: 'by hand', device: { id: 'hand:1' }, channel: number };
    expect(number).toBeGreaterThan(0);
    expect(told[4]!.message as WriteContext).toEqual({ ...context, bytes: hello, result: undefined });
    expect(told[5]!.message as FrameMessage).toEqual({
      ...context,
      direction: 'sent',
      bytes: hello,
      message: { type: 'HELLO', session: 0, sequence: 0, nonce: 1 },
    });
    expect(told[9]!.message as DataMessage).toEqual({ ...context, bytes: status.slice(0, 5) });
    expect(told[11]!.message as FrameMessage).toEqual({
      ...context,
      direction: 'received',
      bytes: status,
      message: { type: 'STATUS', session: 7, sequence: 3 },
    });
    expect(told[12]!.message).toEqual(context);
  });

  it('number each channel differently', async () => {
    const told = listen(['tracing:bluetap:open:start']);
    const inner = new HandTransport();
    await opened(inner);
    await opened(inner);
    const [first, second] = told.map(({ message }) => (message as OpenContext).channel);
    expect(second).toBe(first! + 1);
  });

  it('publish the list, as a copy, and a change', async () => {
    const told = listen();
    const inner = new HandTransport();
    const transport = diagnose(inner);
    const listed = await transport.list();
    expect(listed[0]).toBe(inner.device);
    const { result } = told.at(-1)!.message as ListContext;
    expect(result).toEqual([inner.device]);
    expect(result![0]).not.toBe(inner.device);

    let changes = 0;
    const stop = transport.watch!(() => changes++);
    inner.change();
    expect([changes, told.at(-1)]).toEqual([1, { name: 'bluetap:change', message: { transport: 'by hand' } }]);
    stop();
    expect(inner.watching).toBe(false);
  });

  it.each(['list', 'open', 'write'] as const)(
    'publish why a %s failed, and the caller gets the error too',
    async (what) => {
      const told = listen(TRACED);
      const inner = new HandTransport();
      const reason = new TransportError('busy', 'by hand');
      inner.failing = { [what]: reason };
      const transport = diagnose(inner);
      const call = async () => {
        if (what === 'list') return transport.list();
        const channel = await transport.open(inner.device, ends().handlers);
        return channel.write(hello);
      };
      await expect(call()).rejects.toBe(reason);
      const ofCall = told.filter(({ name }) => name.includes(`:${what}:`));
      expect(ofCall.map(({ name }) => name.split(':').at(-1))).toEqual([
        'start',
        'end',
        'error',
        'asyncStart',
        'asyncEnd',
      ]);
      expect(ofCall.at(-1)!.message.error).toBe(reason);
    },
  );

  it('publish why a channel ended, and why a frame was dropped', async () => {
    const told = listen(['bluetap:frame', 'bluetap:close']);
    const { inner, closes } = await opened();
    const damaged = status.slice();
    damaged[4]! ^= 1;
    const unknown = encodeFrame({ type: 0x33, session: 1, sequence: 1 });
    const cut = status.slice(0, 6);
    for (const bytes of [damaged, unknown, cut]) inner.handlers.onData(bytes);
    const reason = new TransportError('disconnected', 'unplugged');
    inner.handlers.onClose(reason);
    expect(told.map(({ message }) => message.error)).toEqual([
      { layer: 'frame', code: 'crc' },
      { layer: 'message', code: 'unknown-type', result: 'PROCESS_FAIL', reason: 8 },
      { layer: 'frame', code: 'incomplete' },
      reason,
    ]);
    expect(told.slice(0, 3).map(({ message }) => message.bytes)).toEqual([damaged, unknown, cut]);
    expect(closes).toEqual([reason]);
  });

  it('forget a partial frame after a second of silence, as the client does', async () => {
    const told = listen(['bluetap:frame']);
    const { inner, clock } = await opened();
    inner.handlers.onData(status.slice(0, 6));
    await clock.advance(1000);
    inner.handlers.onData(status);
    expect(told.map(({ message }) => message.error?.code ?? message.message.type)).toEqual(['incomplete', 'STATUS']);
  });

  it('keep the caller and the device unaffected if a subscriber changes a message', async () => {
    for (const name of ['tracing:bluetap:write:start', 'bluetap:data', 'bluetap:frame']) {
      const spoil = (message: unknown) => void (message as WriteContext).bytes.fill(0xff);
      subscribe(name, spoil);
      onTestFinished(() => void unsubscribe(name, spoil));
    }
    const { inner, channel, got } = await opened();
    await channel.write(hello);
    inner.handlers.onData(status);
    expect(inner.written).toEqual([hello]);
    expect(got).toEqual([...status]);
  });

  it('carry the context of a trace, as OpenTelemetry does: the work of the transport is inside', async () => {
    const spans = new AsyncLocalStorage<string>();
    const tracing = tracingChannel<string, OpenContext>('bluetap:open');
    tracing.start.bindStore(spans, ({ device }) => `open ${device.id}`);
    onTestFinished(() => void tracing.start.unbindStore(spans));
    const inner = new HandTransport();
    const seen: unknown[] = [];
    const openInner = inner.open.bind(inner);
    inner.open = (device, handlers) => {
      seen.push(spans.getStore());
      return openInner(device, handlers);
    };
    await opened(inner);
    expect([...seen, spans.getStore()]).toEqual(['open hand:1', undefined]);
  });
});

describe('without a subscriber', () => {
  /** Bytes that may be read in place, but neither copied nor searched. */
  function untouchable(bytes: Uint8Array): Uint8Array {
    for (const name of ['slice', 'subarray', 'indexOf'] as const) {
      Object.defineProperty(bytes, name, { value: () => expect.unreachable(name) });
    }
    return bytes;
  }

  it('nothing is copied, decoded or timed, and promises are returned unchanged', async () => {
    const clock = new VirtualClock();
    clock.now = () => expect.unreachable('the clock was read');
    const inner = new HandTransport();
    const { channel, got, closes } = await opened(inner, clock);
    const bytes = untouchable(hello.slice());
    await channel.write(bytes);
    expect(inner.written[0]).toBe(bytes);
    inner.handlers.onData(untouchable(status.slice()));
    expect(got).toEqual([...status]);
    await channel.close();
    expect(closes).toEqual([undefined]);
    const promise = Promise.resolve([]);
    inner.list = () => promise;
    const transport = diagnose(inner);
    expect(transport.list()).toBe(promise);
    transport.watch!(() => {});
    inner.change();
  });

  it('a transport that cannot watch still has no watch', () => {
    const { name, list: listOnly, open: openOnly } = new HandTransport();
    expect(diagnose({ name, list: listOnly, open: openOnly } satisfies Transport)).not.toHaveProperty('watch');
  });

  it('a subscriber that starts in the middle of a frame gets the next frame, and no half frame', async () => {
    const { inner } = await opened();
    inner.handlers.onData(status.slice(0, 6));
    const told = listen(['bluetap:frame']);
    inner.handlers.onData(status.slice(6, 8));
    inner.handlers.onData(status.slice(8));
    inner.handlers.onData(hello);
    expect(told.map(({ message }) => (message as FrameMessage).message?.type)).toEqual(['HELLO']);
  });

  it('a subscriber that starts again after a pause gets no part of the frame in which the pause began', async () => {
    const types: unknown[] = [];
    const listener = (message: unknown) => types.push((message as FrameMessage).message?.type);
    const { inner } = await opened();
    subscribe('bluetap:frame', listener);
    inner.handlers.onData(status.slice(0, 6));
    unsubscribe('bluetap:frame', listener);
    inner.handlers.onData(status.slice(6));
    subscribe('bluetap:frame', listener);
    onTestFinished(() => void unsubscribe('bluetap:frame', listener));
    inner.handlers.onData(hello);
    expect(types).toEqual(['HELLO']);
  });

  it('a subscriber that starts between two frames misses no frame', async () => {
    const { inner } = await opened();
    inner.handlers.onData(hello);
    const told = listen(['bluetap:frame']);
    inner.handlers.onData(status);
    expect(told.map(({ message }) => (message as FrameMessage).message?.type)).toEqual(['STATUS']);
  });
});

describe('the channels of a client', () => {
  it('publish its events until they are stopped', async () => {
    const told = listen(['connected', 'disconnected', 'link', 'resolved'].map((name) => `bluetap:client:${name}`));
    const { client, emulator, clock, within } = start();
    const stop = diagnoseClient(client);
    await within(0, client.pay(order));
    emulator.tap();
    emulator.unplug();
    await clock.advance(0);
    expect(told.map(({ name }) => name)).toEqual([
      'bluetap:client:connected',
      'bluetap:client:link',
      'bluetap:client:disconnected',
    ]);
    const { client: who, event } = told[1]!.message as ClientMessage<'link'>;
    expect(who).toBe(client);
    expect(event).toMatchObject({ state: 'ready', taps: 1, orderId: 'POS1-0042' });
    stop();
    emulator.plug();
    await clock.advance(2000);
    expect(told).toHaveLength(3);
  });

  it('cost nothing without a subscriber', async () => {
    const { client, within } = start();
    diagnoseClient(client);
    expect(await within(0, client.pay(order))).toMatchObject({ code: 'SUCCESS' });
  });

  it('publish the redacted log lines of the client, and pass them on', async () => {
    const lines: string[] = [];
    const log = (message: string) => lines.push(message);
    const next: Logger = { debug: log, info: log, warn: log, error: log };
    const { client, within } = start({ logger: diagnosticLogger(next) });
    const told = listen(['bluetap:log']);
    await within(0, client.pay(order));
    const messages = told.map(({ message }) => message as LogMessage);
    expect(messages.map(({ message }) => message)).toEqual(lines);
    expect(messages[0]).toEqual({
      level: 'info',
      message: 'PAY asked for',
      fields: { paymentMethod: 'TRUEMONEY', amount: '[redacted]', orderId: '[redacted]' },
    });
    expect(messages.at(-1)).toMatchObject({ message: 'PAY settled', fields: { code: 'SUCCESS', outcome: 'executed' } });
  });

  it('need no other logger and no subscriber', () => {
    const logger = diagnosticLogger();
    logger.warn('nobody listens');
    const told = listen(['bluetap:log']);
    logger.warn('without fields');
    expect(told.map(({ message }) => message)).toEqual([{ level: 'warn', message: 'without fields', fields: {} }]);
  });
});
