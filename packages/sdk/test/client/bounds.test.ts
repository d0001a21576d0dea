import { Emulator, loseReplies, unplugAfterExecuting, VirtualClock } from '@bluetap/emulator';
import { describe, expect, it } from 'vitest';
import { Client, type LogFields } from '../../src/index.js';
import { order, rigs } from '../rig.js';

const start = rigs();

describe('the memory of a client has limits', () => {
  it('one listener on a signal, however many calls share it, and no listener after they have settled', async () => {
    const { client, emulator, clock, within } = start();
    await within(0, client.info());
    const { signal } = new AbortController();
    let listeners = 0;
    const counted = new Proxy(signal, {
      get(target, name) {
        if (name === 'addEventListener') listeners++;
        if (name === 'removeEventListener') listeners--;
        const value = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    // The check of the option reads both once.
    emulator.use(loseReplies(1, { type: 'PAY' }));
    const calls = Array.from({ length: 50 }, () => client.pay(order, { signal: counted }));
    expect(listeners).toBe(1);
    await clock.advance(1000);
    expect((await Promise.all(calls)).every(({ code }) => code === 'SUCCESS')).toBe(true);
    expect(listeners).toBe(0);
  });

  it('a signal ends all of its calls and no other call, and the order of the other calls stays', async () => {
    const { client, emulator, clock, within } = start();
    await within(0, client.info());
    emulator.use(loseReplies(1, { type: 'PAY' }));
    const first = client.pay(order);
    const controller = new AbortController();
    const order2: string[] = [];
    const note = (name: string) => () => void order2.push(name);
    const calls = [
      client.pay(order).then(note('a')),
      client.pay(order, { signal: controller.signal }).then(note('aborted')),
      client.pay(order, { timeoutMs: 100 }).then(note('late')),
      client.pay(order).then(note('b')),
      client.pay(order, { signal: controller.signal }).then(note('aborted')),
    ];
    await clock.advance(100);
    controller.abort(new Error('enough'));
    await clock.advance(0);
    expect(order2).toEqual(['late', 'aborted', 'aborted']);
    await clock.advance(1000);
    await Promise.all([first, ...calls]);
    expect(order2.slice(3)).toEqual(['a', 'b']);
  });

  it('a signal whose addEventListener fails once still ends the next call (C-1)', async () => {
    const { client, emulator, within } = start();
    await within(0, client.info());
    emulator.use(loseReplies(3, { type: 'PAY' }));
    const { signal } = new AbortController();
    let abort = () => {};
    let tries = 0;
    const odd = {
      aborted: false,
      reason: signal.reason,
      addEventListener(_name: string, listener: () => void) {
        if (tries++ === 0) throw new Error('not now');
        abort = listener;
      },
      removeEventListener() {},
    };
    expect(await within(0, client.pay(order, { signal: odd as never }))).toMatchObject({ outcome: 'not-sent' });
    const second = client.pay(order, { signal: odd as never });
    await within(0, Promise.resolve());
    abort();
    expect(await within(0, second)).toMatchObject({ outcome: 'unknown', pending: true });
  });

  it('a thousand attempts of devices that never come back: the oldest is given up with a warning', async () => {
    const clock = new VirtualClock();
    const warnings: LogFields[] = [];
    const silent = () => {};
    const warn = (message: string, fields?: LogFields) => {
      if (message.startsWith('too many')) warnings.push(fields!);
    };
    let current = new Emulator({ clock, serialNumber: 'BT-0' });
    const transport = {
      name: 'swap',
      list: () => current.transport().list(),
      open: (...all: Parameters<ReturnType<Emulator['transport']>['open']>) => current.transport().open(...all),
    };
    const client = new Client({ transport, clock, logger: { debug: silent, info: silent, warn, error: silent } });
    const devices = [current];
    for (let count = 1; count <= 1002; count++) {
      current.use(unplugAfterExecuting());
      const paying = client.pay(order, { timeoutMs: 10 });
      await clock.advance(10);
      expect((await paying).pending).toBe(true);
      current = new Emulator({ clock, serialNumber: `BT-${count}` });
      devices.push(current);
      await clock.advance(1000);
    }
    expect(warnings.map(({ serialNumber }) => serialNumber)).toEqual(['BT-0', 'BT-1']);
    await client.close();
    for (const device of devices) await device.close();
  });
});
