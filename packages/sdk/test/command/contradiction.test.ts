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

describe('a device that contradicts itself is not believed, and counted (C-11)', () => {
  it('a session number of before: a late reply to the command of before does not pass for an executed one', async () => {
    const { device, client, within } = start((request) => (request.type === 'HELLO' ? [helloOf(request)] : []));
    const first = await within(5000, client.pay(order));
    expect(first).toMatchObject({ outcome: 'unknown', pending: true });
    const second = client.pay({ ...order, orderId: 'B' });
    // The reply to the first one comes late, and fits a second session with the number of the first.
    device.say(paid({ type: 'PAY', session: 5, sequence: 1, paymentMethod: 'TRUEMONEY' }));
    expect(await within(5000, second)).toMatchObject({
      outcome: 'not-sent',
      error: {
        message: expect.stringContaining(
          'The answer to HELLO is not believed: here has opened session 5 anew, which it has had before.',
        ),
      },
    });
    expect(client.statistics.contradictions).toBeGreaterThan(2);
    expect(device.types().filter((type) => type === 'PAY')).toHaveLength(3);
  });

  it('a session number that comes again once is asked for anew', async () => {
    let hellos = 0;
    const { client, within } = start((request) => {
      if (request.type !== 'HELLO') return [];
      return [helloOf(request, { session: [5, 5, 6][hellos++] ?? 7 })];
    });
    await within(0, client.info());
    expect(await within(5000, client.pay(order))).toMatchObject({ outcome: 'not-executed', link: 'no' });
    expect(client.statistics).toMatchObject({ contradictions: 1, sessions: 2 });
  });

  it('CANCEL that is executed while the link is live: neither SUCCESS nor a dead link', async () => {
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
      link: 'unknown',
      pending: false,
      error: {
        message:
          'No reply came that can be believed, and BT-1 contradicts itself: it says that it has executed CANCEL, and that the link is live.',
      },
    });
    // Three copies of the reply, and the answer to HELLO.
    expect(client.statistics.contradictions).toBe(4);
  });

  it('another start on a line that stayed open, with a live link: that link is not called dead', async () => {
    let session = 4;
    const { client, within } = start((request) => {
      if (request.type !== 'HELLO') return [];
      session++;
      const restarted = session > 5 && { bootId: 2, state: 'ready' as const, lastCommand: { session: 3, sequence: 1 } };
      return [helloOf(request, { session, ...restarted })];
    });
    expect(await within(5000, client.pay(order))).toMatchObject({
      outcome: 'unknown',
      link: 'unknown',
      pending: false,
    });
    expect(client.statistics.contradictions).toBe(1);
  });

  it('the same, learnt after the call: through `resolved`', async () => {
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
    expect(resolved).toMatchObject([{ outcome: 'unknown', link: 'unknown', pending: false }]);
    expect(client.statistics.contradictions).toBe(1);
  });
});

const hello = (more: Partial<HelloAccepted>) => helloOf({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 }, more);
const earlier = { serialNumber: 'BT-1', bootId: 1, numbers: [3, 4] };

describe('what a reply contradicts (C-11)', () => {
  it.each<[string, HelloAccepted, typeof earlier | undefined, boolean]>([
    ['a new session', hello({}), earlier, false],
    ['the first session', hello({}), undefined, false],
    ['the session before', hello({ session: 4 }), earlier, true],
    ['one further back', hello({ session: 3 }), earlier, true],
    ['of another start', hello({ session: 4, bootId: 2 }), earlier, false],
    ['of another device', hello({ session: 4, serialNumber: 'BT-2' }), earlier, false],
    ['with a last command of its own', hello({ lastCommand: { session: 5, sequence: 1 } }), earlier, true],
    ['with a last command of another session', hello({ lastCommand: { session: 4, sequence: 1 } }), earlier, false],
  ])('HELLO: %s', (_name, reply, sessions, contradicts) => {
    expect(contradictionInReply(reply, sessions) !== undefined).toBe(contradicts);
  });

  it('CANCEL: only what is executed, and only a live link', () => {
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

describe('what the answer to HELLO contradicts over a doubt (C-11)', () => {
  it.each<[string, Attempt, Partial<Seen>, boolean, boolean]>([
    ['the one in doubt', pay, at(10, 3), true, false],
    ['the one before', pay, at(10, 2), true, false],
    ['none before and none now', fresh, {}, true, false],
    ['another host acted', pay, at(11, 1), true, false],
    ['a later command of this session, which another run of the program wrote down', pay, at(10, 4), true, false],
    ['one before, none now', pay, {}, true, true],
    ['an earlier command of this session that was never reported', pay, at(10, 1), true, true],
    ['the same, and none was', fresh, at(10, 1), true, true],
    ['CANCEL executed, link live', cancel, at(10, 3), true, true],
    ['CANCEL executed, no link', cancel, { ...at(10, 3), state: 'cancelled' }, true, false],
    ['a start, a link, and no command', pay, { bootId: 2 }, false, true],
    ['a start, and no link', pay, { bootId: 2, state: 'idle' }, true, false],
    ['a start, and a link of another host', pay, { bootId: 2, ...at(3, 1) }, false, false],
    ['the same on a line that stayed open', pay, { bootId: 2, ...at(3, 1) }, true, true],
    ['another device', pay, { serialNumber: 'B' }, true, false],
  ])('%s', (_name, attempt, difference, lineStayed, contradicts) => {
    const seen: Seen = { serialNumber: 'A', bootId: 1, state: 'ready', ...difference };
    expect(contradictionOverDoubt(attempt, seen, lineStayed) !== undefined).toBe(contradicts);
    if (!contradicts) return;
    expect(settleDoubt(attempt, seen, lineStayed)).toEqual({ outcome: 'unknown', link: 'unknown', pending: false });
  });

  it('a link that is not live is not live, whatever else is not believed', () => {
    const seen: Seen = { serialNumber: 'A', bootId: 1, state: 'idle' };
    expect(settleDoubt(pay, seen)).toEqual({ outcome: 'unknown', link: 'no', pending: false });
  });
});
