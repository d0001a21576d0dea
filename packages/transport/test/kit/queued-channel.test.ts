import { describe, expect, it, vi } from 'vitest';
import { TransportError } from '../../src/index.js';
import { QueuedChannel, unplugged } from '../../src/kit/index.js';
import { ManualClock } from './manual-clock.js';

function channelWith({
  send = async (_bytes: Uint8Array): Promise<void> => {},
  release = async (): Promise<void> => {},
} = {}) {
  const clock = new ManualClock();
  const onData = vi.fn<(bytes: Uint8Array) => void>();
  const onClose = vi.fn<(error?: TransportError) => void>();
  const released = vi.fn(release);
  const channel = new QueuedChannel({ name: 'it', handlers: { onData, onClose }, clock, send, release: released });
  return { clock, channel, onData, onClose, released };
}

it('close ends, although the library does not release the device', async () => {
  const { clock, channel, onClose } = channelWith({ release: () => new Promise(() => {}) });
  const closing = channel.close();
  await clock.advance(800);
  await closing;
  expect(onClose.mock.calls).toEqual([[]]);
  expect(clock.pending).toBe(0);
});

it('close ends, although the library throws at the release', async () => {
  const { channel, onClose } = channelWith({ release: () => Promise.reject(new Error('already closed')) });
  await channel.close();
  expect(onClose).toHaveBeenCalledOnce();
});

it('ends once for any number of ends: one onClose, one release, and no later call', async () => {
  const { channel, onData, onClose, released } = channelWith();
  const error = unplugged('it');
  channel.fail(error);
  expect(onClose).not.toHaveBeenCalled();
  channel.fail(unplugged('it'));
  await Promise.all([channel.close(), channel.close()]);
  channel.received(Uint8Array.of(1));
  expect(onClose.mock.calls).toEqual([[error]]);
  expect(released).toHaveBeenCalledOnce();
  expect(onData).not.toHaveBeenCalled();
});

it('an empty array of bytes does not call onData', () => {
  const { channel, onData } = channelWith();
  channel.received(new Uint8Array());
  expect(onData).not.toHaveBeenCalled();
});

it('a write that was aborted while it waited is not sent, and the other writes are sent in order', async () => {
  const sent: number[] = [];
  let go!: () => void;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const { channel } = channelWith({
    send: async ([byte]) => {
      sent.push(byte!);
      await gate;
    },
  });
  const controller = new AbortController();
  const first = channel.write(Uint8Array.of(1));
  const second = channel.write(Uint8Array.of(2), { signal: controller.signal });
  const third = channel.write(Uint8Array.of(3));
  const givenUp = expect(second).rejects.toBe('enough');
  controller.abort('enough');
  await givenUp;
  go();
  await Promise.all([first, third]);
  expect(sent).toEqual([1, 3]);
});

it('a write that fails leaves the channel open, unless the device is gone', async () => {
  let error = new TransportError('io', 'refused');
  const { channel, onClose } = channelWith({ send: () => Promise.reject(error) });
  await expect(channel.write(Uint8Array.of(1))).rejects.toBe(error);
  expect(channel.ended).toBe(false);
  error = unplugged('it');
  await expect(channel.write(Uint8Array.of(1))).rejects.toBe(error);
  await channel.close();
  expect(onClose.mock.calls).toEqual([[error]]);
  await expect(channel.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'disconnected' });
});

function fail(message: string): never {
  throw new Error(message);
}

describe('a handler that fails (C-1)', () => {
  const ways: readonly (readonly [string, () => void])[] = [
    ['throws', () => fail('db locked')],
    ['rejects', async () => fail('db locked')],
  ];

  it.each(ways)(
    'in onData and %s ends the channel with an error, and the library gets no error',
    async (_, failing) => {
      const { channel, onData, onClose, released } = channelWith();
      const closed = new Promise((resolve) => onClose.mockImplementation(resolve));
      onData.mockImplementation(failing);
      channel.received(Uint8Array.of(1));
      const told = {
        code: 'io',
        message: expect.stringMatching(/onData failed \(db locked\)/),
        cause: { message: 'db locked' },
      };
      expect(await closed).toMatchObject(told);
      channel.received(Uint8Array.of(2));
      await channel.close();
      expect([onData.mock.calls.length, onClose.mock.calls.length, released.mock.calls.length]).toEqual([1, 1, 1]);
    },
  );

  it.each(ways)('in onClose and %s changes nothing: onClose is called once, and close resolves', async (_, failing) => {
    for (const error of [undefined, unplugged('it')]) {
      const { channel, onClose, released } = channelWith();
      onClose.mockImplementation(failing);
      if (error) channel.fail(error);
      await Promise.all([channel.close(), channel.close()]);
      expect([onClose.mock.calls.length, released.mock.calls.length]).toEqual([1, 1]);
    }
  });
});
