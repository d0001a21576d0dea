import { Emulator, loseReplies, refuse, VirtualClock } from '@bluetap/emulator';
import { encodeMessage, type HelloAccepted } from '@bluetap/protocol';
import { decodeWire } from '@bluetap/protocol/tools';
import { describe, expect, it } from 'vitest';
import { type Attempt, Client, connect } from '../../src/index.js';
import { order, rig, rigs } from '../rig.js';

const start = rigs();
const attempt: Attempt = { command: 'PAY', serialNumber: 'EMU-0001', bootId: 7, session: 9, sequence: 1, last: null };

describe('pay', () => {
  it('shows the payment link, and returns both facts', async () => {
    const { client, emulator, within } = start();
    const result = await within(0, client.pay(order));
    expect(result).toEqual({
      code: 'SUCCESS',
      outcome: 'executed',
      linkLive: 'yes',
      pending: false,
      state: 'ready',
      remaining: 900,
      attempt: { command: 'PAY', serialNumber: 'EMU-0001', bootId: 7, session: 9, sequence: 1, last: null },
    });
    expect(emulator.snapshot).toMatchObject({ state: 'ready', ...order });
  });

  it('tells what it replaced: a live payment link, and how often it was read (C-12)', async () => {
    const { client, emulator, within } = start();
    expect(await within(0, client.pay(order))).not.toHaveProperty('previous');
    emulator.tap();
    expect(await within(0, client.pay(order))).toMatchObject({ previous: { state: 'ready', taps: 1 } });
    await within(0, client.cancel());
    expect(await within(0, client.pay(order))).toMatchObject({ previous: { state: 'cancelled', taps: 0 } });
  });

  it('does not tell what it replaced if its reply was lost', async () => {
    const { client, emulator, within } = start();
    await within(0, client.pay(order));
    emulator.use(loseReplies(3, { type: 'PAY' }));
    const result = await within(5000, client.pay(order));
    expect(result.outcome).toBe('executed');
    expect(result).not.toHaveProperty('previous');
  });

  it('sends every field', async () => {
    const { client, emulator, within } = start();
    await within(0, client.pay({ paymentMethod: 'ALIPAY_PLUS', amount: '0.50', orderId: '~', expiryTime: 2147483647 }));
    expect(emulator.snapshot).toMatchObject({
      paymentMethod: 'ALIPAY_PLUS',
      amount: '0.50',
      orderId: '~',
      remaining: 2147483647,
    });
  });

  it('sends a field that comes from the prototype of the command', async () => {
    class Sale {
      readonly paymentMethod = 'TRUEMONEY';
      get amount() {
        return '27.01';
      }
    }
    const { client, emulator, within } = start();
    await within(0, client.pay(new Sale()));
    expect(emulator.snapshot).toMatchObject({ paymentMethod: 'TRUEMONEY', amount: '27.01' });
  });

  it('sends nothing if the clock cannot set the time limit, and says so', async () => {
    let broken = false;
    const clock = new VirtualClock();
    const setTimeout: typeof clock.setTimeout = (callback, ms) => {
      if (broken) throw new Error('no timers');
      return clock.setTimeout(callback, ms);
    };
    const emulator = new Emulator({ clock });
    const failing = { now: () => clock.now(), setTimeout, clearTimeout: (timer: unknown) => clock.clearTimeout(timer) };
    const client = new Client({ transport: emulator.transport(), clock: failing });
    const info = client.info();
    await clock.advance(0);
    await info;
    broken = true;
    const paying = client.pay(order);
    await clock.advance(0);
    expect(await paying).toMatchObject({ outcome: 'not-sent', linkLive: 'no', error: { message: 'no timers' } });
    expect(emulator.snapshot.state).toBe('idle');
    broken = false;
    const closing = client.close();
    await clock.advance(1000);
    await closing;
  });

  it('takes a copy of the command, so that a change while it waits has no effect', async () => {
    const { client, emulator, within } = start();
    const mine = { paymentMethod: 'TRUEMONEY' as const, amount: '1' };
    const result = client.pay(mine);
    mine.amount = '1000000';
    await within(0, result);
    expect(emulator.snapshot.amount).toBe('1');
  });

  it.each([
    [undefined, ['command']],
    [null, ['command']],
    ['TRUEMONEY', ['command']],
    [{}, ['paymentMethod']],
    [{ paymentMethod: 'Test' }, ['paymentMethod']],
    [{ paymentMethod: 'TRUEMONEY', amount: 12 }, ['amount']],
    [{ paymentMethod: 'TRUEMONEY', amount: '1,5', orderId: 'A B', expiryTime: 0 }, ['amount', 'orderId', 'expiryTime']],
    [{ paymentMethod: 'TRUEMONEY', orderID: 'A1' }, ['orderID']],
  ])('refuses %j before any byte leaves and names the fields', async (command, fields) => {
    const { client, emulator, within, requests } = start();
    await within(0, client.info());
    const result = await within(0, client.pay(command as never));
    expect(result).toMatchObject({ code: 'PARAM_ILLEGAL', outcome: 'not-sent', linkLive: 'no', pending: false });
    expect(result.error).toMatchObject({ code: 'PARAM_ILLEGAL', fields: fields.map((field) => ({ field })) });
    expect(requests()).toEqual(['HELLO']);
    expect(emulator.snapshot.state).toBe('idle');
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '5'])(
    'refuses a time limit of %s',
    async (timeoutMs) => {
      const { client, within, requests } = start();
      const result = await within(0, client.pay(order, { timeoutMs: timeoutMs as number }));
      expect(result).toMatchObject({ code: 'PARAM_ILLEGAL', outcome: 'not-sent' });
      const shown = typeof timeoutMs === 'string' ? '"5"' : String(timeoutMs);
      expect(result.error?.message).toMatch(/^timeoutMs must be/);
      expect(result.error?.message).toContain(`but is ${shown}`);
      expect(requests()).toEqual(['HELLO']);
    },
  );

  it('returns the reason of a refusal', async () => {
    const { client, emulator, within } = start();
    emulator.nfcFault = true;
    const result = await within(0, client.pay(order));
    expect(result).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'refused', linkLive: 'no', state: 'idle' });
    expect(result.error).toMatchObject({ code: 'PROCESS_FAIL', reason: 6 });
    expect(result.error?.message).toContain('EMU-0001');
  });

  it('opens a new session when the 255 sequence numbers of one are used up', async () => {
    const { client, within, requests, shown } = start();
    for (let count = 0; count < 300; count++) {
      expect((await within(0, client.pay(order))).code).toBe('SUCCESS');
    }
    expect(shown()).toBe(300);
    expect(requests().filter((type) => type === 'HELLO')).toHaveLength(2);
    expect(client.statistics.sessions).toBe(2);
  });
});

describe('cancel', () => {
  it('ends the live payment link and returns how often it was read', async () => {
    const { client, emulator, within } = start();
    await within(0, client.pay(order));
    emulator.tap();
    const result = await within(0, client.cancel({ orderId: 'POS1-0042' }));
    expect(result).toMatchObject({ code: 'SUCCESS', outcome: 'executed', linkLive: 'no', state: 'cancelled', taps: 1 });
    expect(result.attempt).toMatchObject({ command: 'CANCEL', oneOrder: true, sequence: 2, last: { sequence: 1 } });
  });

  it('does not change the payment link of another order', async () => {
    const { client, emulator, within } = start();
    await within(0, client.pay(order));
    const result = await within(0, client.cancel({ orderId: 'OTHER' }));
    expect(result).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'refused', linkLive: 'no', error: { reason: 5 } });
    expect(emulator.snapshot.state).toBe('ready');
  });

  it('succeeds when no payment link is live', async () => {
    const { client, within } = start();
    expect(await within(0, client.cancel())).toMatchObject({ code: 'SUCCESS', linkLive: 'no', state: 'idle', taps: 0 });
  });

  it('refuses a bad order id before any byte leaves', async () => {
    const { client, within, requests } = start();
    const result = await within(0, client.cancel({ orderId: '' }));
    expect(result).toMatchObject({ code: 'PARAM_ILLEGAL', outcome: 'not-sent', linkLive: 'unknown' });
    expect(requests()).toEqual(['HELLO']);
  });
});

describe('status and info', () => {
  it('describes a live payment link', async () => {
    const { client, emulator, clock, within } = start();
    await within(0, client.pay({ ...order, expiryTime: 60 }));
    emulator.tap();
    await clock.advance(10_500);
    expect(await within(0, client.status())).toEqual({ state: 'ready', taps: 1, remaining: 50, ...order });
  });

  it('says that there is no payment link', async () => {
    const { client, within } = start();
    expect(await within(0, client.status())).toEqual({ state: 'idle', taps: 0 });
  });

  it('returns the identity of the device, and that it is simulated', async () => {
    const { client, within } = start();
    expect(client.device).toBeUndefined();
    const info = await within(0, client.info());
    expect(info).toEqual({
      model: 'BT-EMU',
      firmware: '1.0.0',
      serialNumber: 'EMU-0001',
      bootId: 7,
      simulated: true,
      id: 'emulator:1',
    });
    expect(client.device).toEqual(info);
  });
});

describe('link events', () => {
  it('report taps, expiry and faults in order, and nothing that this host did itself', async () => {
    const { client, emulator, clock, events, within } = start();
    await within(0, client.pay({ ...order, expiryTime: 5 }));
    emulator.tap();
    emulator.tap();
    await clock.advance(5000);
    await within(0, client.pay({ paymentMethod: 'SEVEN_11' }));
    emulator.nfcFault = true;
    await clock.advance(0);
    await within(0, client.cancel());
    const { orderId } = order;
    expect(events('link')).toEqual([
      { state: 'ready', taps: 1, orderId },
      { state: 'ready', taps: 2, orderId },
      { state: 'expired', taps: 2, orderId },
      { state: 'idle', taps: 0 },
    ]);
  });

  it('are followed by a STATUS when LINK messages were lost', async () => {
    const { client, emulator, clock, events, requests, within } = start();
    await within(0, client.pay(order));
    const lose = emulator.use({ name: 'lose events', onSend: () => {} });
    emulator.tap();
    emulator.tap();
    lose();
    emulator.tap();
    await clock.advance(0);
    expect(events('link')).toEqual([{ state: 'ready', taps: 3, orderId: order.orderId }]);
    expect(requests()).toEqual(['HELLO', 'PAY', 'STATUS']);
  });

  it('are followed by one STATUS, however many messages were lost, and report the changes since', async () => {
    const { client, emulator, clock, events, requests, within } = start();
    await within(0, client.pay(order));
    emulator.use({
      name: 'lose every second event',
      onSend: (bytes, next, { request }) => {
        if (request || emulator.snapshot.taps % 2 === 0) next(bytes);
      },
    });
    for (let count = 0; count < 5; count++) emulator.tap();
    await clock.advance(0);
    expect(events('link').map(({ taps }) => taps)).toEqual([2, 4, 5]);
    expect(requests()).toEqual(['HELLO', 'PAY', 'STATUS']);
  });

  it('report a change of state that was lost too', async () => {
    const { client, emulator, clock, events, within } = start();
    await within(0, client.pay({ ...order, expiryTime: 5 }));
    const mute = emulator.use({ name: 'lose events', onSend: (bytes, next, { request }) => request && next(bytes) });
    emulator.tap();
    mute();
    emulator.tap();
    emulator.use({ name: 'lose events', onSend: (bytes, next, { request }) => request && next(bytes) });
    emulator.nfcFault = true;
    await clock.advance(0);
    expect(events('link').map(({ state, taps }) => [state, taps])).toEqual([
      ['ready', 2],
      ['idle', 2],
    ]);
  });

  it('continue if the client cannot ask for the state', async () => {
    const { client, emulator, clock, events, within } = start();
    await within(0, client.pay(order));
    const lose = emulator.use({ name: 'lose events', onSend: () => {} });
    emulator.tap();
    lose();
    emulator.use(refuse(11, { type: 'STATUS', times: 1 }));
    emulator.tap();
    await clock.advance(0);
    expect(events('link').map(({ taps }) => taps)).toEqual([2]);
    emulator.tap();
    await clock.advance(0);
    expect(events('link').map(({ taps }) => taps)).toEqual([2, 3]);
  });

  it('report a LINK message that came twice only once', async () => {
    const { client, emulator, clock, events, within } = start();
    await within(0, client.pay(order));
    emulator.use({
      name: 'twice',
      onSend: (bytes, next) => {
        next(bytes);
        next(bytes.slice());
      },
    });
    emulator.tap();
    await clock.advance(0);
    expect(events('link')).toHaveLength(1);
  });

  it('continue after sequence number 255', async () => {
    const { client, emulator, clock, events, requests, within } = start();
    await within(0, client.pay(order));
    for (let count = 0; count < 300; count++) emulator.tap();
    await clock.advance(0);
    expect(events('link')).toHaveLength(300);
    expect(requests()).not.toContain('STATUS');
  });

  it('do not reach a listener that was removed', async () => {
    const { client, emulator, clock, within } = start();
    const heard: string[] = [];
    const stop = client.on('link', ({ state }) => heard.push(state));
    await within(0, client.pay(order));
    emulator.tap();
    await clock.advance(0);
    stop();
    emulator.tap();
    await clock.advance(0);
    expect(heard).toEqual(['ready']);
  });
});

it('uses the clock of the system if it gets no clock', async () => {
  await using emulator = new Emulator();
  await using client = new Client({ transport: emulator.transport() });
  expect(await client.pay(order)).toMatchObject({ code: 'SUCCESS' });
});

describe('status', () => {
  it('that is not answered: the error says so, and not that there is no device', async () => {
    const { client, emulator, within } = start();
    await within(0, client.info());
    emulator.use(loseReplies(99, { type: 'STATUS' }));
    await expect(within(5000, client.status())).rejects.toMatchObject({
      code: 'UNKNOWN_EXCEPTION',
      message: 'EMU-0001 has not answered STATUS. If it goes on, power it off and on. The time was up after 5000 ms.',
    });
  });

  it('that waits too long for its turn', async () => {
    const { client, emulator, within } = start();
    await within(0, client.info());
    emulator.use(loseReplies(1, { type: 'PAY' }));
    void client.pay(order);
    await expect(within(500, client.status({ timeoutMs: 500 }))).rejects.toThrow('before its turn came');
  });
});

describe('another device on the same channel', () => {
  it('is reported, as behind a bridge whose device was changed', async () => {
    const { client, emulator, within, events } = start();
    await within(0, client.info());
    // The identity that the device sends from here on.
    emulator.use({
      name: 'another serial number',
      onSend: (bytes, next, { request }) => {
        const [decoded] = decodeWire(bytes);
        if (request?.type !== 1 || !decoded?.ok) next(bytes);
        else next(encodeMessage({ ...decoded.message, serialNumber: 'EMU-0002' } as HelloAccepted));
      },
    });
    emulator.use(refuse(4, { type: 'STATUS', times: 1 }));
    await within(0, client.status());
    expect(events('connected').map(({ serialNumber }) => serialNumber)).toEqual(['EMU-0001', 'EMU-0002']);
    expect(client.device?.serialNumber).toBe('EMU-0002');
  });
});

describe('a client', () => {
  it('needs a transport', () => {
    expect(() => new Client(undefined as never)).toThrow('transport is missing');
    expect(() => new Client({} as never)).toThrow('transport is missing');
    expect(() => new Client({ transport: 'tcp://127.0.0.1:4000' } as never)).toThrow('or is not a transport');
  });

  it.each([
    undefined,
    null,
    5,
    {},
    { ...attempt, command: 'STATUS' },
    { ...attempt, serialNumber: 7 },
    { ...attempt, bootId: '7' },
    { ...attempt, session: undefined },
    { ...attempt, sequence: 1.5 },
    { ...attempt, last: undefined },
    { ...attempt, last: { session: 1 } },
  ])('refuses a value that is not an attempt: %j', async (damaged) => {
    const { client, within } = start();
    await expect(within(0, client.outcomeOf(damaged as Attempt))).rejects.toMatchObject({
      code: 'PARAM_ILLEGAL',
      message: expect.stringMatching(/^attempt is .*, which is not an attempt that onAttempt received$/),
    });
    const attempts = [attempt, damaged as Attempt];
    expect(() => new Client({ transport: { name: 'x' } as never, pendingAttempts: attempts })).toThrow(
      'transport is missing',
    );
    const transport = { name: 'x', list: async () => [], open: async () => Promise.reject() };
    expect(() => new Client({ transport, pendingAttempts: attempts })).toThrow(
      /^pendingAttempts\[1\] is .*, which is not an attempt/,
    );
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no bus');
      },
    ],
    ['returns no function to stop it', () => undefined],
  ])('works where watch %s', async (_name, watch) => {
    const { emulator, clock, within } = start();
    const inner = emulator.transport();
    const transport = { name: 'x', list: () => inner.list(), open: inner.open.bind(inner), watch: watch as never };
    const client = new Client({ transport, clock });
    expect((await within(0, client.pay(order))).code).toBe('SUCCESS');
    await within(0, client.close());
  });
});

describe('connect', () => {
  it('rejects in time if the transport hangs', async () => {
    const { clock, within } = start();
    const hanging = { name: 'x', list: () => new Promise<never>(() => {}), open: () => new Promise<never>(() => {}) };
    const connecting = connect({ transport: hanging, clock, timeoutMs: 800 });
    await expect(within(800, connecting)).rejects.toMatchObject({ code: 'DEVICE_DISCONNECTED' });
    await clock.advance(1000);
  });

  it('returns a client that has a session', async () => {
    const { emulator, clock, within } = start();
    await using client = await within(0, connect({ transport: emulator.transport(), clock }));
    expect(client.device?.serialNumber).toBe('EMU-0001');
  });

  it('rejects if no device answers in time, and leaves nothing open', async () => {
    const { emulator, client, clock, within } = rig();
    await within(0, client.close());
    emulator.unplug();
    const connecting = connect({ transport: emulator.transport(), clock, timeoutMs: 300 });
    await expect(within(300, connecting)).rejects.toMatchObject({ code: 'DEVICE_DISCONNECTED' });
    await within(0, emulator.close());
    expect(clock.pending).toBe(0);
  });

  it('rejects with the reason of its signal', async () => {
    const { emulator, clock, within } = start();
    const signal = AbortSignal.abort(new Error('changed my mind'));
    const connecting = connect({ transport: emulator.transport(), clock, signal });
    await expect(within(0, connecting)).rejects.toThrow('changed my mind');
  });
});
