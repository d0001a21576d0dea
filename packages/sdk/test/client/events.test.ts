import { type EventEmitter, on, once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { order, rigs } from '../rig.js';

const start = rigs();

describe('the events of a client', () => {
  it('work with events.once of Node', async () => {
    const { client, emulator, within } = start();
    const told = once(client as unknown as EventEmitter, 'link');
    await within(0, client.pay(order));
    emulator.tap();
    expect(await within(0, told)).toEqual([{ state: 'ready', taps: 1, orderId: order.orderId }]);
  });

  it('work with events.on of Node, until it is aborted', async () => {
    const { client, emulator, within } = start();
    const controller = new AbortController();
    const told = on(client as unknown as EventEmitter, 'link', { signal: controller.signal });
    await within(0, client.pay(order));
    emulator.tap();
    emulator.tap();
    const taps = [await within(0, told.next()), await within(0, told.next())].map(({ value }) => value[0].taps);
    expect(taps).toEqual([1, 2]);
    const end = told.next();
    controller.abort(new Error('enough'));
    await expect(end).rejects.toThrow('aborted');
  });

  it('an aborted events.once leaves no listener', async () => {
    const { client, emulator, within } = start();
    const controller = new AbortController();
    const told = once(client as unknown as EventEmitter, 'link', { signal: controller.signal });
    controller.abort();
    await expect(told).rejects.toThrow('aborted');
    await within(0, client.pay(order));
    expect(() => emulator.tap()).not.toThrow();
  });

  it('once gets one event, off removes both, and a listener that is added twice gets each event once', async () => {
    const { client, emulator, within } = start();
    const [first, each, never] = [vi.fn(), vi.fn(), vi.fn()];
    client.once('link', first);
    client.on('link', each);
    client.on('link', each);
    client.on('link', never);
    client.off('link', never);
    client.once('link', never);
    client.removeListener('link', never);
    client.off('resolved', never);
    await within(0, client.pay(order));
    emulator.tap();
    emulator.tap();
    await within(0, client.status());
    expect([first, each, never].map((listener) => listener.mock.calls.length)).toEqual([1, 2, 0]);
    client.off('link', each);
    emulator.tap();
    await within(0, client.status());
    expect(each).toHaveBeenCalledTimes(2);
  });

  it('the function that `on` returns removes its listener, but not if the listener was added again later', async () => {
    const { client, emulator, within } = start();
    const listener = vi.fn();
    const stop = client.on('link', listener);
    client.off('link', listener);
    client.on('link', listener);
    stop();
    await within(0, client.pay(order));
    emulator.tap();
    await within(0, client.status());
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('a listener that was added twice is removed by each of the two functions', async () => {
    const { client, emulator, within } = start();
    const listener = vi.fn();
    const stop = client.on('link', listener);
    client.on('link', listener);
    stop();
    await within(0, client.pay(order));
    emulator.tap();
    await within(0, client.status());
    expect(listener).not.toHaveBeenCalled();
  });

  it('a listener of every event stays a listener of every event when `once` adds it too', async () => {
    const { client, emulator, within } = start();
    const [first, last] = [vi.fn(), vi.fn()];
    client.on('link', first);
    client.once('link', first)();
    client.once('link', last);
    client.on('link', last);
    await within(0, client.pay(order));
    emulator.tap();
    emulator.tap();
    await within(0, client.status());
    expect([first, last].map((listener) => listener.mock.calls.length)).toEqual([2, 2]);
  });

  it.each(['on', 'once', 'off'] as const)('`%s` refuses an unknown event, and accepts `error`', (method) => {
    const { client } = start();
    expect(() => client[method]('lnik' as never, () => {})).toThrow('There is no event "lnik"');
    expect(() => client[method]('error' as never, () => {})).not.toThrow();
  });

  it('an error of a listener of `once` does not reach the program', async () => {
    const { client, emulator, within } = start();
    client.once('link', () => {
      throw new Error('mine');
    });
    await within(0, client.pay(order));
    expect(() => emulator.tap()).not.toThrow();
  });
});
