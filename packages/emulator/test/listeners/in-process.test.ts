import { Emulator, stutter, VirtualClock } from '@bluetap/emulator';
import { encodeMessage } from '@bluetap/protocol';
import { decodeWire } from '@bluetap/protocol/tools';
import type { Channel, ChannelHandlers, Transport, TransportError } from '@bluetap/transport';
import { beforeEach, describe, expect, test } from 'vitest';

let clock: VirtualClock;
let emulator: Emulator;
let transport: Transport;

beforeEach(() => {
  clock = new VirtualClock();
  emulator = new Emulator({ clock, serialNumber: 'EMU-7' });
  transport = emulator.transport();
});

const HELLO = encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 });
const turn = () => clock.advance(0);

class Host implements ChannelHandlers {
  readonly chunks: Uint8Array[] = [];
  readonly ends: (TransportError | undefined)[] = [];
  onData(bytes: Uint8Array): void {
    this.chunks.push(bytes);
  }
  onClose(error?: TransportError): void {
    this.ends.push(error);
  }
  get messages() {
    return decodeWire(Uint8Array.from(this.chunks.flatMap((chunk) => [...chunk])));
  }
}

async function open(host: ChannelHandlers = new Host()): Promise<Channel> {
  const [device] = await transport.list();
  return transport.open(device!, host);
}

test('the list shows that the device is simulated', async () => {
  expect(transport.name).toBe('emulator');
  expect(await transport.list()).toEqual([
    {
      id: 'emulator:1',
      serialNumber: 'EMU-7',
      product: 'BlueTap (simulated)',
      interface: 'in-process',
      simulated: true,
    },
  ]);
});

test('bytes arrive later, in order, and never within a call', async () => {
  const host = new Host();
  const channel = await open(host);
  const bytes = HELLO.slice();
  const written = channel.write(bytes);
  bytes.fill(0);
  expect(host.chunks).toEqual([]);
  await written;
  await turn();
  expect(host.messages).toMatchObject([{ message: { type: 'HELLO_REPLY', serialNumber: 'EMU-7' } }]);
  await channel.close();
});

test('a host may write and close from within its handlers', async () => {
  const seen: string[] = [];
  let channel: Channel;
  const handlers: ChannelHandlers = {
    onData: () => {
      seen.push('data');
      void channel.write(HELLO).then(() => seen.push('written'));
      if (seen.length > 4) void channel.close().then(() => seen.push('closed'));
      seen.push('returned');
    },
    onClose: () => seen.push('close'),
  };
  channel = await open(handlers);
  await channel.write(HELLO);
  await turn();
  const data = seen.flatMap((entry, at) => (entry === 'data' ? [at] : []));
  for (const at of data) expect(seen[at + 1]).toBe('returned');
  expect(seen.slice(-2)).toEqual(['close', 'closed']);
});

describe('the end', () => {
  test('by the host: once, without an error, and no event after that', async () => {
    const host = new Host();
    const channel = await open(host);
    await channel.write(HELLO);
    const closing = channel.close();
    expect(host.ends).toEqual([]);
    await Promise.all([closing, channel.close()]);
    expect(host.ends).toEqual([undefined]);
    await turn();
    expect(host.chunks).toEqual([]);
    await expect(channel.write(HELLO)).rejects.toMatchObject({ name: 'TransportError', code: 'disconnected' });
    emulator.unplug();
    await turn();
    expect(host.ends).toEqual([undefined]);
  });

  test('bytes that were written before a close still reach the device', async () => {
    const first = await open();
    const host = new Host();
    const other = await open(host);
    await other.write(HELLO);
    await turn();
    const { session } = (host.messages[0] as { message: { session: number } }).message;
    void first.write(HELLO);
    await first.close();
    await other.write(encodeMessage({ type: 'STATUS', session, sequence: 1 }));
    await turn();
    expect(host.messages[1]).toMatchObject({ message: { reason: 4 } });
  });

  test('by an unplug: sent bytes arrive, then the error', async () => {
    const host = new Host();
    const channel = await open(host);
    emulator.use(stutter());
    emulator.use({
      name: 'cut',
      onSend: (bytes, next) => {
        next(bytes.subarray(0, 3));
        emulator.unplug();
        expect([host.chunks, host.ends]).toEqual([[], []]);
      },
    });
    await channel.write(HELLO);
    await turn();
    expect(host.chunks).toHaveLength(3);
    expect(host.ends).toMatchObject([
      { code: 'disconnected', message: 'simulated device EMU-7 was unplugged: call plug()' },
    ]);
    await expect(channel.write(HELLO)).rejects.toMatchObject({ code: 'disconnected' });
    await channel.close();
    expect(host.ends).toHaveLength(1);
    expect(await transport.list()).toEqual([]);
  });
});

test('a device that was plugged in again has another attachment number', async () => {
  const [device] = await transport.list();
  emulator.unplug();
  await expect(transport.open(device!, new Host())).rejects.toMatchObject({ code: 'not-found' });
  emulator.plug();
  await expect(transport.open(device!, new Host())).rejects.toMatchObject({ code: 'not-found' });
  expect(await transport.list()).toMatchObject([{ id: 'emulator:2', serialNumber: 'EMU-7' }]);
  await (await open()).close();
});

test('watch reports plug and unplug until it is stopped', async () => {
  let changes = 0;
  const stop = transport.watch!(() => changes++);
  emulator.unplug();
  expect(changes).toBe(0);
  await turn();
  expect(changes).toBe(1);
  emulator.plug();
  await turn();
  expect(changes).toBe(2);
  emulator.unplug();
  stop();
  await turn();
  expect(changes).toBe(2);
});

test('signals: aborted before the open, and during the open', async () => {
  const reason = new Error('enough');
  const aborted = AbortSignal.abort(reason);
  const [device] = await transport.list();
  await expect(transport.list({ signal: aborted })).rejects.toBe(reason);
  await expect(transport.open(device!, new Host(), { signal: aborted })).rejects.toBe(reason);
  const channel = await open();
  await expect(channel.write(HELLO, { signal: aborted })).rejects.toBe(reason);
  await channel.close();

  const events: string[] = [];
  emulator = new Emulator({ onEvent: ({ event }) => events.push(event) });
  transport = emulator.transport();
  const controller = new AbortController();
  const host = new Host();
  const opening = transport.open((await transport.list())[0]!, host, { signal: controller.signal });
  controller.abort(reason);
  await expect(opening).rejects.toBe(reason);
  expect([events, host.ends]).toEqual([[], []]);
});

test('two hosts at the same time: the later host has the session', async () => {
  const hosts = [new Host(), new Host()];
  const channels = await Promise.all(hosts.map(open));
  for (const channel of channels) {
    await channel.write(HELLO);
    await turn();
  }
  const sessions = hosts.map(({ messages }) => (messages[0] as { message: { session: number } }).message.session);
  for (const [at, channel] of channels.entries()) {
    await channel.write(encodeMessage({ type: 'STATUS', session: sessions[at]!, sequence: 1 }));
  }
  await turn();
  expect(hosts.map(({ messages }) => messages[1])).toMatchObject([
    { message: { reason: 4 } },
    { message: { result: 'SUCCESS' } },
  ]);
});

test('close leaves no timer and no connection, and the device cannot be plugged in again', async () => {
  const host = new Host();
  {
    await using device = emulator;
    const channel = await open(host);
    await channel.write(HELLO);
    await turn();
    const { session } = (host.messages[0] as { message: { session: number } }).message;
    await channel.write(encodeMessage({ type: 'PAY', session, sequence: 1, paymentMethod: 'SEVEN_11' }));
    await turn();
    expect(device.snapshot.state).toBe('ready');
    expect(clock.pending).toBe(1);
  }
  expect(clock.pending).toBe(0);
  expect(host.ends).toMatchObject([{ code: 'disconnected' }]);
  emulator.plug();
  emulator.powerCycle();
  expect(emulator.plugged).toBe(false);
  expect(await transport.list()).toEqual([]);
  transport.watch!(() => {})();
  expect(() => emulator.follow({})).toThrow('was closed');
  await emulator.close();
});
