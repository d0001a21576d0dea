import { type EventEmitter, on, once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { order, rigs } from '../rig.js';

const start = rigs();

describe('the events of a client', () => {
  it('come to Node as those of its own: events.once', async () => {
    const { client, emulator, within } = start();
    const told = once(client as unknown as EventEmitter, 'link');
    await within(0, client.pay(order));
    emulator.tap();
    expect(await within(0, told)).toEqual([{ state: 'ready', taps: 1, orderId: order.orderId }]);
  });

  it('and events.on, until it is aborted', async () => {
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

  it('once hears one, off ends both, and a listener that is given twice hears each once', async () => {
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

  it('the function that `on` gives ends its own listening, and not a later one of the same listener', async () => {
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

  it('of a listener that was given twice, each of the two functions ends it', async () => {
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

  it('a listener that hears every event still does when `once` has it too', async () => {
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

  it.each(['on', 'once', 'off'] as const)('`%s` names an event that there is not, and accepts `error`', (method) => {
    const { client } = start();
    expect(() => client[method]('lnik' as never, () => {})).toThrow('There is no event "lnik"');
    expect(() => client[method]('error' as never, () => {})).not.toThrow();
  });

  it('what a listener of `once` throws reaches nobody', async () => {
    const { client, emulator, within } = start();
    client.once('link', () => {
      throw new Error('mine');
    });
    await within(0, client.pay(order));
    expect(() => emulator.tap()).not.toThrow();
  });
});
