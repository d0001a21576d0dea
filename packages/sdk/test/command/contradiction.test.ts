import { VirtualClock } from '@bluetap/emulator';
import type { HelloAccepted, Message } from '@bluetap/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { contradictionOverDoubt } from '../../src/command/contradictory-doubt.js';
import { type Seen, settleDoubt } from '../../src/command/outcome-rules.js';
import { type Attempt, Client, type ClientOptions } from '../../src/index.js';
import { contradictionInReply } from '../../src/session/contradictory-reply.js';
import { order, within } from '../rig.js';
import { helloOf, scriptedDevice } from '../scripted-device.js';

const open: Client[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});

function start(answer: Parameters<typeof scriptedDevice>[0], options: Partial<ClientOptions> = {}) {
  const clock = new VirtualClock();
  const device = scriptedDevice(answer);
  let nonce = 0;
  const client = new Client({ transport: device.transport, clock, random: () => nonce++, ...options });
  open.push(client);
  return { clock, device, client, within: <T>(ms: number, promise: Promise<T>) => within(clock, ms, promise) };
}

const paid = ({ session, sequence }: Message): Message => ({
  type: 'PAY_REPLY',
  session,
  sequence,
  result: 'SUCCESS',
  state: 'ready',
  remaining: 900,
});

/**
 * Answers only HELLO. The second answer is that of a restarted device with a live payment link, which cannot be true.
 */
function startingAnew(): Parameters<typeof scriptedDevice>[0] {
  let session = 4;
  return (request) => {
    if (request.type !== 'HELLO') return [];
    session++;
    const restarted = session > 5 && { bootId: 2, state: 'ready' as const, lastCommand: { session: 3, sequence: 1 } };
    return [helloOf(request, { session, ...restarted })];
  };
}

describe('a device that contradicts itself is not believed, and counted (C-11)', () => {
  it('an earlier session number: a late reply to the earlier command does not make the later command executed', async () => {
    const { device, client, within } = start((request) => (request.type === 'HELLO' ? [helloOf(request)] : []));
    const first = await within(5000, client.pay(order));
    expect(first).toMatchObject({ outcome: 'unknown', pending: true });
    const second = client.pay({ ...order, orderId: 'B' });
    // The reply to the first command comes late. It matches a second session with the number of the first one.
    device.say(paid({ type: 'PAY', session: 5, sequence: 1, paymentMethod: 'TRUEMONEY' }));
    expect(await within(5000, second)).toMatchObject({
      outcome: 'not-sent',
      error: {
        message: expect.stringContaining(
          'The answer to HELLO is not believed: here has opened session 5 again, although this number was used before.',
        ),
      },
    });
    expect(client.statistics.contradictions).toBeGreaterThan(2);
    expect(device.types().filter((type) => type === 'PAY')).toHaveLength(3);
  });

  it('a session number that is repeated once: the client sends another HELLO', async () => {
    let hellos = 0;
    const { client, within } = start((request) => {
      if (request.type !== 'HELLO') return [];
      return [helloOf(request, { session: [5, 5, 6][hellos++] ?? 7 })];
    });
    await within(0, client.info());
    expect(await within(5000, client.pay(order))).toMatchObject({ outcome: 'not-executed', linkLive: 'no' });
    expect(client.statistics).toMatchObject({ contradictions: 1, sessions: 2 });
  });

  it('a reply to HELLO with session 0, which no session has, opens none', async () => {
    const { client, within } = start((request) => (request.type === 'HELLO' ? [helloOf(request, { session: 0 })] : []));
    await expect(within(5000, client.info())).rejects.toMatchObject({ code: 'DEVICE_DISCONNECTED' });
    expect(client.statistics).toMatchObject({ sessions: 0 });
    expect(client.statistics.strayMessages).toBeGreaterThan(0);
  });

  it('the right answer can follow the one that is not believed', async () => {
    let hellos = 0;
    const { client, within } = start((request) => {
      if (request.type !== 'HELLO') return [];
      return hellos++ === 0 ? [helloOf(request)] : [helloOf(request), helloOf(request, { session: 6 })];
    });
    await within(0, client.info());
    expect(await within(5000, client.pay(order))).toMatchObject({ outcome: 'not-executed', linkLive: 'no' });
    expect(client.statistics).toMatchObject({ contradictions: 1, sessions: 2 });
    expect(hellos).toBe(2);
  });

  it('CANCEL was executed and the payment link is live: no SUCCESS, and linkLive is not no', async () => {
    let session = 4;
    const { client, within } = start((request) => {
      if (request.type === 'HELLO') {
        session++;
        return [
          helloOf(request, {
            session,
            state: 'ready',
            ...(session > 5 && { lastCommand: { session: 5, sequence: 1 } }),
          }),
        ];
      }
      const { sequence } = request;
      return [{ type: 'CANCEL_REPLY', session, sequence, result: 'SUCCESS', state: 'ready' }];
    });
    expect(await within(5000, client.cancel({ orderId: 'A' }))).toMatchObject({
      code: 'UNKNOWN_EXCEPTION',
      outcome: 'unknown',
      linkLive: 'unknown',
      pending: false,
      error: {
        message:
          'No reply came that can be believed, and BT-1 contradicts itself: it says that it has executed CANCEL, and that the payment link is live. Ask the acquirer before you send it again.',
      },
    });
    // Three copies of the reply, and the reply to HELLO.
    expect(client.statistics.contradictions).toBe(4);
  });

  it('CANCEL of a payment link that was read: the taps do not decrease, and the rest is believed', async () => {
    const taps = [undefined, 1, 3];
    const { device, client, within } = start((request) => {
      if (request.type === 'HELLO') return [helloOf(request)];
      if (request.type === 'PAY') return [paid(request)];
      const { session, sequence } = request;
      const told = taps.shift();
      const more = told === undefined ? {} : { taps: told };
      return [{ type: 'CANCEL_REPLY', session, sequence, result: 'SUCCESS', state: 'cancelled', ...more }];
    });
    await within(0, client.pay(order));
    device.say({ type: 'LINK', session: 5, sequence: 1, state: 'ready', taps: 2 });
    const executed = { code: 'SUCCESS', outcome: 'executed', linkLive: 'no' };
    expect(await within(0, client.cancel())).toMatchObject({ ...executed, taps: 2 });
    expect(await within(0, client.cancel())).toMatchObject({ ...executed, taps: 2 });
    expect(await within(0, client.cancel())).toMatchObject({ ...executed, taps: 3 });
    expect(client.statistics.contradictions).toBe(2);
    // The taps belong to one payment link.
    taps.push(undefined);
    await within(0, client.pay(order));
    expect(await within(0, client.cancel())).toMatchObject({ ...executed, taps: 0 });
    expect(client.statistics.contradictions).toBe(2);
  });

  it('CANCEL of a payment link that was read before the session: the taps do not decrease', async () => {
    const { client, within } = start((request) => {
      const { session, sequence, type } = request;
      if (type === 'HELLO')
        return [helloOf(request, { state: 'ready', lastCommand: { session: 4, sequence: 1 }, taps: 2 })];
      return [{ type: 'CANCEL_REPLY', session, sequence, result: 'SUCCESS', state: 'cancelled', taps: 1 }];
    });
    expect(await within(0, client.cancel())).toMatchObject({ code: 'SUCCESS', taps: 2 });
    expect(client.statistics.contradictions).toBe(1);
  });

  it('CANCEL of a payment link that was read, as only STATUS said: the taps do not decrease', async () => {
    const { client, within } = start((request) => {
      const { session, sequence, type } = request;
      if (type === 'HELLO') return [helloOf(request)];
      if (type === 'PAY') return [paid(request)];
      if (type === 'STATUS') {
        const link = { state: 'ready', remaining: 800, paymentMethod: 'TRUEMONEY', taps: 2 } as const;
        return [{ type: 'STATUS_REPLY', session, sequence, result: 'SUCCESS', ...link }];
      }
      return [{ type: 'CANCEL_REPLY', session, sequence, result: 'SUCCESS', state: 'cancelled' }];
    });
    await within(0, client.pay(order));
    expect(await within(0, client.status())).toMatchObject({ taps: 2 });
    expect(await within(0, client.cancel())).toMatchObject({ outcome: 'executed', taps: 2 });
    expect(client.statistics.contradictions).toBe(1);
  });

  it('a tap of the earlier payment link during a PAY does not count for the new payment link', async () => {
    let links = 0;
    const { client, within } = start((request) => {
      const { session, sequence, type } = request;
      if (type === 'HELLO')
        return [helloOf(request, { state: 'ready', lastCommand: { session: 4, sequence: 1 }, taps: 1 })];
      if (type === 'PAY') return [{ type: 'LINK', session, sequence: ++links, state: 'ready', taps: 2 }, paid(request)];
      return [{ type: 'CANCEL_REPLY', session, sequence, result: 'SUCCESS', state: 'cancelled' }];
    });
    await within(0, client.pay(order));
    expect(await within(0, client.cancel())).toMatchObject({ outcome: 'executed', taps: 0 });
    expect(client.statistics.contradictions).toBe(0);
  });

  it('a restart with a live payment link on a channel that stayed open: linkLive is not no', async () => {
    const { client, within } = start(startingAnew());
    expect(await within(5000, client.pay(order))).toMatchObject({
      outcome: 'unknown',
      linkLive: 'unknown',
      pending: false,
    });
    expect(client.statistics.contradictions).toBe(1);
  });

  it.each<[string, Partial<HelloAccepted>]>([
    ['another start', { bootId: 2, session: 9 }],
    ['another device', { serialNumber: 'BT-2', session: 9 }],
  ])('%s and back, with an earlier session number: a late reply is not matched', async (_name, between) => {
    let hellos = 0;
    const { device, client, within } = start((request) => {
      if (request.type !== 'HELLO') return [];
      hellos++;
      return [helloOf(request, hellos === 1 ? {} : hellos === 2 ? between : {})];
    });
    const first = await within(5000, client.pay(order));
    expect(first).toMatchObject({ outcome: 'unknown' });
    await within(
      100,
      client.outcomeOf(first.attempt!, { timeoutMs: 100 }).catch(() => {}),
    );
    // The session that was requested, and the session with which the client continues its search.
    expect(client.statistics.contradictions).toBe(2);
    const second = client.pay({ ...order, orderId: 'B' }, { timeoutMs: 2000 });
    await within(100, Promise.resolve());
    device.say(paid(device.requests.find(({ type }) => type === 'PAY')!));
    expect(await within(2000, second)).toMatchObject({ outcome: 'not-sent' });
  });

  it('`outcomeOf` and `resolved` say the same about a channel that stayed open', async () => {
    const { client, within } = start(startingAnew());
    const resolved: unknown[] = [];
    client.on('resolved', (event) => resolved.push(event));
    const { attempt } = await within(500, client.pay(order, { timeoutMs: 500 }));
    const unknown = { outcome: 'unknown', linkLive: 'unknown', pending: false };
    expect(await within(1000, client.outcomeOf(attempt!))).toEqual(unknown);
    expect(resolved).toMatchObject([unknown]);
    // The client asks a device on another channel.
    expect(await within(1000, client.outcomeOf({ ...attempt!, session: 4 }))).toEqual({ ...unknown, linkLive: 'no' });
  });

  it.each<[string, Partial<HelloAccepted>]>([
    ['a live payment link, and no command ever', { state: 'ready' }],
    ['a last command of a session before', { state: 'ready', lastCommand: { session: 3, sequence: 9 } }],
    ['a last command of a session to come', { state: 'ready', lastCommand: { session: 30, sequence: 1 } }],
  ])('a doubt that is answered with %s: the outcome is unknown, and linkLive is not no', async (_name, answer) => {
    let session = 4;
    const { client, within } = start((request) => {
      if (request.type !== 'HELLO') return [];
      session++;
      return [helloOf(request, session === 5 ? {} : { session, ...answer })];
    });
    const result = await within(5000, client.pay(order));
    expect(result).toMatchObject({ outcome: 'unknown', linkLive: 'unknown', pending: false });
    expect(client.statistics.contradictions).toBe(1);
  });

  it('the same after the call, in the event `resolved`', async () => {
    let session = 4;
    const { client, clock, within } = start((request) => {
      if (request.type !== 'HELLO') return [];
      session++;
      return [helloOf(request, { session, ...(session > 5 && { bootId: 2, state: 'ready' as const }) })];
    });
    const resolved: unknown[] = [];
    client.on('resolved', (event) => resolved.push(event));
    expect(await within(500, client.pay(order, { timeoutMs: 500 }))).toMatchObject({ pending: true });
    await clock.advance(1000);
    expect(resolved).toMatchObject([{ outcome: 'unknown', linkLive: 'unknown', pending: false }]);
    expect(client.statistics.contradictions).toBe(1);
  });

  it('a LINK about the payment link before a PAY that waits for its reply is no contradiction', async () => {
    const link = { type: 'LINK', session: 5 } as const;
    const paid = { type: 'PAY_REPLY', session: 5, result: 'SUCCESS', state: 'ready', remaining: 9 } as const;
    let copies = 0;
    const { client, within } = start((request) => {
      if (request.type === 'HELLO') return [helloOf(request)];
      if (request.sequence === 1) return [{ ...paid, sequence: 1 }];
      // The reply to the first copy is lost. The LINKs around it are not.
      if (++copies > 1) return [{ ...paid, sequence: 2 }];
      return [
        { ...link, sequence: 1, state: 'expired', orderId: 'A' },
        { ...link, sequence: 2, state: 'ready', taps: 1, orderId: 'B' },
      ];
    });
    const links: unknown[] = [];
    client.on('link', (event) => links.push(event));
    await within(0, client.pay({ ...order, orderId: 'A' }));
    expect(await within(1500, client.pay({ ...order, orderId: 'B' }))).toMatchObject({ outcome: 'executed' });
    expect(links).toEqual([
      { state: 'expired', taps: 0, orderId: 'A' },
      { state: 'ready', taps: 1, orderId: 'B' },
    ]);
    expect(client.statistics.contradictions).toBe(0);
  });
});

const hello = (more: Partial<HelloAccepted>) => helloOf({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 }, more);
const earlier = [3, 4].map((session) => ({ hello: { serialNumber: 'BT-1', bootId: 1, session } }));

describe('contradictions in a reply (C-11)', () => {
  it.each<[string, HelloAccepted, typeof earlier, boolean]>([
    ['a new session', hello({}), earlier, false],
    ['the first session', hello({}), [], false],
    ['the session before', hello({ session: 4 }), earlier, true],
    ['one further back', hello({ session: 3 }), earlier, true],
    ['of another start', hello({ session: 4, bootId: 2 }), earlier, false],
    ['of another device', hello({ session: 4, serialNumber: 'BT-2' }), earlier, false],
    ['with a last command of its own', hello({ lastCommand: { session: 5, sequence: 1 } }), earlier, true],
    ['with a last command of another session', hello({ lastCommand: { session: 4, sequence: 1 } }), earlier, false],
  ])('HELLO: %s', (_name, reply, sessions, contradicts) => {
    expect(contradictionInReply(reply, sessions) !== undefined).toBe(contradicts);
  });

  it('HELLO: an earlier session number, also if other starts and devices have answered since', () => {
    const others = [
      { hello: { serialNumber: 'BT-1', bootId: 2, session: 9 } },
      { hello: { serialNumber: 'BT-2', bootId: 1, session: 7 } },
    ];
    expect(contradictionInReply(hello({ session: 4 }), [...earlier, ...others])).toBeDefined();
    expect(contradictionInReply(hello({ session: 9 }), [...earlier, ...others])).toBeUndefined();
  });

  it('PAY: a payment link that is over but has time left, or that is live although the NFC part failed', () => {
    const reply = { type: 'PAY_REPLY', session: 5, sequence: 1 } as const;
    const accepted = { ...reply, result: 'SUCCESS', state: 'expired', remaining: 900 } as const;
    expect(contradictionInReply(accepted, earlier)).toBeDefined();
    expect(contradictionInReply({ ...accepted, remaining: 0 }, earlier)).toBeUndefined();
    expect(contradictionInReply({ ...accepted, state: 'ready' }, earlier)).toBeUndefined();
    const refusal = { ...reply, result: 'PROCESS_FAIL', reason: 6, state: 'ready' } as const;
    expect(contradictionInReply(refusal, earlier)).toBeDefined();
    expect(contradictionInReply({ ...refusal, state: 'idle' }, earlier)).toBeUndefined();
    expect(contradictionInReply({ ...refusal, reason: 2 }, earlier)).toBeUndefined();
  });

  it('CANCEL: only an executed CANCEL, and only a live payment link', () => {
    const reply = { type: 'CANCEL_REPLY', session: 5, sequence: 1 } as const;
    expect(contradictionInReply({ ...reply, result: 'SUCCESS', state: 'cancelled' }, earlier)).toBeUndefined();
    expect(
      contradictionInReply({ ...reply, result: 'PROCESS_FAIL', reason: 5, state: 'ready' }, earlier),
    ).toBeUndefined();
    expect(contradictionInReply({ ...reply, result: 'SUCCESS', state: 'ready' }, earlier)).toBeDefined();
  });
});

const pay: Attempt = {
  command: 'PAY',
  serialNumber: 'A',
  bootId: 1,
  session: 10,
  sequence: 3,
  last: { session: 10, sequence: 2 },
};
const cancel: Attempt = { ...pay, command: 'CANCEL' };
const fresh: Attempt = { ...pay, last: null };
const at = (session: number, sequence: number) => ({ lastCommand: { session, sequence } });

describe('contradictions in the reply to HELLO about a doubt (C-11)', () => {
  it.each<[string, Attempt, Partial<Seen>, boolean, boolean]>([
    ['the last command is the one in doubt', pay, at(10, 3), true, false],
    ['the last command is the one before', pay, at(10, 2), true, false],
    ['no command before and no command now', fresh, { state: 'idle' }, true, false],
    ['no command before, no command now, and a live payment link', fresh, {}, true, true],
    ['a session before that of the attempt', pay, at(9, 1), true, true],
    [
      'the same, and it was the last command then',
      { ...pay, last: { session: 9, sequence: 1 } },
      at(9, 1),
      true,
      false,
    ],
    ['a command in the session that has just been opened', pay, at(20, 1), true, false],
    ['a command in a session that does not exist yet', pay, at(21, 1), true, true],
    ['another host acted, after the numbers started again', { ...pay, session: 65535 }, at(3, 1), true, false],
    ['another host acted', pay, at(11, 1), true, false],
    ['a later command of this session, which another run of the program stored', pay, at(10, 4), true, false],
    ['a command before, no command now', pay, {}, true, true],
    ['an earlier command of this session that was never reported', pay, at(10, 1), true, true],
    ['the same, and no command was reported', fresh, at(10, 1), true, true],
    ['CANCEL executed, payment link live', cancel, at(10, 3), true, true],
    ['CANCEL executed, no payment link', cancel, { ...at(10, 3), state: 'cancelled' }, true, false],
    ['a restart, a payment link, and no command', pay, { bootId: 2 }, false, true],
    ['a restart, and no payment link', pay, { bootId: 2, state: 'idle' }, true, false],
    ['a restart, and a payment link of another host', pay, { bootId: 2, ...at(3, 1) }, false, false],
    ['the same on a channel that stayed open', pay, { bootId: 2, ...at(3, 1) }, true, true],
    ['another device', pay, { serialNumber: 'B' }, true, false],
  ])('%s', (_name, attempt, difference, lineStayed, contradicts) => {
    const seen: Seen = { serialNumber: 'A', bootId: 1, session: 20, state: 'ready', ...difference };
    expect(contradictionOverDoubt(attempt, seen, lineStayed) !== undefined).toBe(contradicts);
    if (!contradicts) return;
    expect(settleDoubt(attempt, seen, lineStayed)).toEqual({ outcome: 'unknown', linkLive: 'unknown', pending: false });
  });

  it('a payment link that is not live is not live, also if the rest is not believed', () => {
    const seen: Seen = { serialNumber: 'A', bootId: 1, session: 20, state: 'idle' };
    expect(settleDoubt(pay, seen)).toEqual({ outcome: 'unknown', linkLive: 'no', pending: false });
  });
});
