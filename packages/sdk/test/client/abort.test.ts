import { ignoreRequests, loseReplies } from '@bluetap/emulator';
import { describe, expect, it } from 'vitest';
import { BlueTapError } from '../../src/index.js';
import { order, rigs } from '../rig.js';

const start = rigs();
const why = new Error('the shopper left');

describe('a signal', () => {
  it.each(['SUCCESS', 'UNKNOWN_EXCEPTION', 'nonsense'] as const)(
    'with an error of the SDK with the code %s as its reason: not sent, and another code',
    async (code) => {
      const { client, within } = start();
      const reason = new BlueTapError(code as never, 'mine');
      const result = await within(0, client.pay(order, { signal: AbortSignal.abort(reason) }));
      expect(result).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'not-sent' });
      expect(result.error).toMatchObject({
        name: 'BlueTapError',
        code: 'PROCESS_FAIL',
        message: 'mine',
        cause: reason,
      });
    },
  );

  it('with an error of the SDK as its reason, whose code can be true: the error itself', async () => {
    const { client, within } = start();
    const reason = new BlueTapError('DEVICE_DISCONNECTED', 'mine');
    const result = await within(0, client.pay(order, { signal: AbortSignal.abort(reason) }));
    expect(result).toMatchObject({ code: 'DEVICE_DISCONNECTED', outcome: 'not-sent' });
    expect(result.error).toBe(reason);
  });

  it('aborted before the call: not sent', async () => {
    const { client, within, requests } = start();
    const result = await within(0, client.pay(order, { signal: AbortSignal.abort(why) }));
    expect(result).toMatchObject({
      code: 'PROCESS_FAIL',
      outcome: 'not-sent',
      linkLive: 'no',
      error: { name: 'BlueTapError', message: why.message, cause: why },
    });
    expect(requests()).toEqual(['HELLO']);
  });

  it('aborted while the command waits in the queue: not sent, and the other calls continue', async () => {
    const { client, emulator, clock, within, requests, shown } = start();
    emulator.use(loseReplies(1, { type: 'PAY' }));
    const first = client.pay(order);
    const controller = new AbortController();
    const second = client.pay(order, { signal: controller.signal });
    const third = client.cancel();
    await clock.advance(500);
    controller.abort(why);
    expect(await within(0, second)).toMatchObject({
      code: 'PROCESS_FAIL',
      outcome: 'not-sent',
      error: { name: 'BlueTapError', message: why.message, cause: why },
    });
    expect(await within(500, first)).toMatchObject({ code: 'SUCCESS' });
    expect(await within(0, third)).toMatchObject({ code: 'SUCCESS' });
    expect(requests()).toEqual(['HELLO', 'PAY', 'PAY', 'CANCEL']);
    expect(shown()).toBe(1);
  });

  it('aborted while there is no device: not sent, and the search continues', async () => {
    const { client, emulator, clock, within } = start();
    emulator.unplug();
    const controller = new AbortController();
    const result = client.pay(order, { signal: controller.signal });
    await clock.advance(100);
    controller.abort(why);
    expect(await within(0, result)).toMatchObject({
      code: 'PROCESS_FAIL',
      outcome: 'not-sent',
      error: { name: 'BlueTapError', message: why.message, cause: why },
    });
    emulator.plug();
    await clock.advance(0);
    expect(client.device).toBeDefined();
  });

  it('aborted while the reply is awaited: unknown immediately, then resolved without another command', async () => {
    const { client, emulator, clock, within, events, requests, shown } = start();
    await within(0, client.info());
    emulator.use(loseReplies(1, { type: 'PAY' }));
    const controller = new AbortController();
    const result = client.pay(order, { signal: controller.signal });
    await clock.advance(100);
    controller.abort(why);
    expect(await within(0, result)).toMatchObject({
      code: 'UNKNOWN_EXCEPTION',
      outcome: 'unknown',
      linkLive: 'unknown',
      pending: true,
      error: { cause: why },
    });
    await clock.advance(0);
    expect(events('resolved')).toMatchObject([{ outcome: 'executed', linkLive: 'yes' }]);
    expect(requests()).toEqual(['HELLO', 'PAY', 'HELLO']);
    expect(shown()).toBe(1);
  });

  it('aborted by the function that stores the attempt: not sent', async () => {
    const { client, within, requests } = start();
    const controller = new AbortController();
    const onAttempt = () => controller.abort(why);
    const result = await within(0, client.pay(order, { signal: controller.signal, onAttempt }));
    expect(result).toMatchObject({
      code: 'PROCESS_FAIL',
      outcome: 'not-sent',
      linkLive: 'no',
      error: { name: 'BlueTapError', message: why.message, cause: why },
    });
    expect(requests()).toEqual(['HELLO']);
  });

  it('aborted while the doubt is being settled: unknown, and still resolved', async () => {
    const { client, emulator, clock, within, events } = start();
    await within(0, client.info());
    emulator.use(ignoreRequests(3, { type: 'PAY' }));
    emulator.use(ignoreRequests(1, { type: 'HELLO' }));
    const controller = new AbortController();
    const result = client.pay(order, { signal: controller.signal });
    await clock.advance(3500);
    controller.abort(why);
    expect(await within(0, result)).toMatchObject({ outcome: 'unknown', pending: true });
    await clock.advance(1000);
    expect(events('resolved')).toMatchObject([{ outcome: 'not-executed', linkLive: 'no' }]);
  });

  it('aborted after the call: nothing happens, and the signal has no listener left', async () => {
    const { client, within, shown } = start();
    const controller = new AbortController();
    const { signal } = controller;
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: [string, never]) => {
      listeners++;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: [string, never]) => {
      listeners--;
      removeEventListener.apply(signal, args);
    };
    const result = await within(0, client.pay(order, { signal }));
    controller.abort(why);
    expect(result.code).toBe('SUCCESS');
    expect(listeners).toBe(0);
    expect((await within(0, client.cancel())).code).toBe('SUCCESS');
    expect(shown()).toBe(1);
  });

  it('ends status and info with its reason', async () => {
    const { client, emulator, clock, within } = start();
    emulator.unplug();
    const controller = new AbortController();
    const calls = Promise.allSettled([
      client.status({ signal: controller.signal }),
      client.info({ signal: controller.signal }),
    ]);
    await clock.advance(10);
    controller.abort(why);
    expect(await within(0, calls)).toEqual([
      { status: 'rejected', reason: why },
      { status: 'rejected', reason: why },
    ]);
  });

  it('ends a status that waits for its reply', async () => {
    const { client, emulator, clock, within } = start();
    await within(0, client.info());
    emulator.use(loseReplies(9, { type: 'STATUS' }));
    const controller = new AbortController();
    const status = client.status({ signal: controller.signal });
    await clock.advance(1500);
    controller.abort(why);
    await expect(within(0, status)).rejects.toBe(why);
  });
});

describe('a hundred calls at the same time', () => {
  it('run in order, and Node warns of no listener leak', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error) => warnings.push(name);
    process.on('warning', onWarning);
    const { client, shown } = start();
    const results = await Promise.all(Array.from({ length: 100 }, () => client.pay(order)));
    expect(results.map(({ attempt }) => attempt?.sequence)).toEqual(results.map((_, index) => index + 1));
    expect(shown()).toBe(100);
    // Node emits warnings on the next tick.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });
});

describe('the time limit of a call', () => {
  it('counts the time in the queue', async () => {
    const { client, emulator, clock, within, shown } = start();
    emulator.use(loseReplies(2, { type: 'PAY' }));
    const first = client.pay(order);
    const second = client.pay(order, { timeoutMs: 1500 });
    await clock.advance(1500);
    expect(await within(0, second)).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'not-sent', linkLive: 'no' });
    expect(await within(500, first)).toMatchObject({ code: 'SUCCESS' });
    expect(shown()).toBe(1);
  });

  it('is the default of the client if the call has none', async () => {
    const { client, emulator, within } = start({ timeoutMs: 250 });
    emulator.unplug();
    expect(await within(250, client.pay(order))).toMatchObject({ code: 'DEVICE_DISCONNECTED' });
  });

  it('counts while the reply is awaited', async () => {
    const { client, emulator, within } = start();
    await within(0, client.info());
    emulator.use(loseReplies(1, { type: 'PAY' }));
    const result = await within(300, client.pay(order, { timeoutMs: 300 }));
    expect(result).toMatchObject({ code: 'UNKNOWN_EXCEPTION', outcome: 'unknown', pending: true });
  });
});

describe('close', () => {
  it('ends the waiting and the running calls, and returns the known facts of each', async () => {
    const { client, emulator, clock, within, requests } = start();
    await within(0, client.info());
    emulator.use(loseReplies(1, { type: 'PAY' }));
    const sent = client.pay(order);
    const waiting = client.pay(order);
    const status = client.status();
    const rejected = expect(status).rejects.toThrow('closed');
    await clock.advance(10);
    await within(0, client.close());
    await rejected;
    expect(await sent).toMatchObject({ outcome: 'unknown', linkLive: 'unknown' });
    expect(await waiting).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'not-sent', linkLive: 'no' });
    expect(requests()).toEqual(['HELLO', 'PAY']);
    expect(clock.pending).toBe(1); // the expiry of the device's payment link
  });

  it('is idempotent, and ends later calls immediately', async () => {
    const { client, within, events } = start();
    await within(0, client.info());
    await within(0, Promise.all([client.close(), client.close()]));
    await within(0, client.close());
    expect(await within(0, client.pay(order))).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'not-sent' });
    await expect(within(0, client.status())).rejects.toThrow('closed');
    expect(events('disconnected')).toEqual([]);
  });

  it('works while the client looks for a device', async () => {
    const { client, emulator, clock, within } = start();
    emulator.unplug();
    await clock.advance(2500);
    await within(0, client.close());
    expect(clock.pending).toBe(0);
  });
});
