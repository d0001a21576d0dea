import { describe, expect, it, vi } from 'vitest';
import { TransportError } from '../../src/index.js';
import { QueuedLink, unplugged } from '../../src/kit/index.js';
import { ManualClock } from './manual-clock.js';

function linkWith({
  send = async (_bytes: Uint8Array): Promise<void> => {},
  release = async (): Promise<void> => {},
} = {}) {
  const clock = new ManualClock();
  const onData = vi.fn<(bytes: Uint8Array) => void>();
  const onClose = vi.fn<(error?: TransportError) => void>();
  const released = vi.fn(release);
  const link = new QueuedLink({ name: 'it', handlers: { onData, onClose }, clock, send, release: released });
  return { clock, link, onData, onClose, released };
}

it('a library that does not let go keeps close from nothing', async () => {
  const { clock, link, onClose } = linkWith({ release: () => new Promise(() => {}) });
  const closing = link.close();
  await clock.advance(800);
  await closing;
  expect(onClose.mock.calls).toEqual([[]]);
  expect(clock.pending).toBe(0);
});

it('a library that throws when it should let go changes nothing', async () => {
  const { link, onClose } = linkWith({ release: () => Promise.reject(new Error('already closed')) });
  await link.close();
  expect(onClose).toHaveBeenCalledOnce();
});

it('whatever ends it, and however often: told once, released once, and silent afterwards', async () => {
  const { link, onData, onClose, released } = linkWith();
  const error = unplugged('it');
  link.fail(error);
  expect(onClose).not.toHaveBeenCalled();
  link.fail(unplugged('it'));
  await Promise.all([link.close(), link.close()]);
  link.received(Uint8Array.of(1));
  expect(onClose.mock.calls).toEqual([[error]]);
  expect(released).toHaveBeenCalledOnce();
  expect(onData).not.toHaveBeenCalled();
});

it('nothing is handed over where nothing came', () => {
  const { link, onData } = linkWith();
  link.received(new Uint8Array());
  expect(onData).not.toHaveBeenCalled();
});

it('a write that was given up while it waited is not begun; the others are, in order', async () => {
  const sent: number[] = [];
  let go!: () => void;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const { link } = linkWith({
    send: async ([byte]) => {
      sent.push(byte!);
      await gate;
    },
  });
  const controller = new AbortController();
  const first = link.write(Uint8Array.of(1));
  const second = link.write(Uint8Array.of(2), { signal: controller.signal });
  const third = link.write(Uint8Array.of(3));
  const givenUp = expect(second).rejects.toBe('enough');
  controller.abort('enough');
  await givenUp;
  go();
  await Promise.all([first, third]);
  expect(sent).toEqual([1, 3]);
});

it('a write that fails leaves the link open, unless the device is gone', async () => {
  let error = new TransportError('io', 'refused');
  const { link, onClose } = linkWith({ send: () => Promise.reject(error) });
  await expect(link.write(Uint8Array.of(1))).rejects.toBe(error);
  expect(link.ended).toBe(false);
  error = unplugged('it');
  await expect(link.write(Uint8Array.of(1))).rejects.toBe(error);
  await link.close();
  expect(onClose.mock.calls).toEqual([[error]]);
  await expect(link.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'disconnected' });
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
    'for bytes and %s ends the link, which says so; the library that brought them hears nothing',
    async (_, failing) => {
      const { link, onData, onClose, released } = linkWith();
      const closed = new Promise((resolve) => onClose.mockImplementation(resolve));
      onData.mockImplementation(failing);
      link.received(Uint8Array.of(1));
      const told = {
        code: 'io',
        message: expect.stringMatching(/onData failed \(db locked\)/),
        cause: { message: 'db locked' },
      };
      expect(await closed).toMatchObject(told);
      link.received(Uint8Array.of(2));
      await link.close();
      expect([onData.mock.calls.length, onClose.mock.calls.length, released.mock.calls.length]).toEqual([1, 1, 1]);
    },
  );

  it.each(ways)('at the end and %s changes nothing: it is called once, and close resolves', async (_, failing) => {
    for (const error of [undefined, unplugged('it')]) {
      const { link, onClose, released } = linkWith();
      onClose.mockImplementation(failing);
      if (error) link.fail(error);
      await Promise.all([link.close(), link.close()]);
      expect([onClose.mock.calls.length, released.mock.calls.length]).toEqual([1, 1]);
    }
  });
});
