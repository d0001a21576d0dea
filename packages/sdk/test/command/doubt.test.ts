import {
  corruptReplies,
  cutAfter,
  delayReplies,
  duplicateReplies,
  Emulator,
  ignoreRequests,
  loseReplies,
  noiseBeforeReplies,
  refuse,
  restartAfterExecuting,
  restartBeforeExecuting,
  silent,
  stutter,
  unplugAfterExecuting,
  VirtualClock,
  wrongSequence,
  wrongSession,
  wrongType,
} from '@bluetap/emulator';
import { encodeMessage } from '@bluetap/protocol';
import type { Transport } from '@bluetap/transport';
import { describe, expect, it } from 'vitest';
import { type Attempt, Client } from '../../src/index.js';
import { order, rigs } from '../rig.js';

const start = rigs();

/** A client that finds one of two devices. `switchTo` selects the device. */
function startTwo() {
  const clock = new VirtualClock();
  const second = new Emulator({ clock, serialNumber: 'EMU-0002' });
  let first: Emulator | undefined;
  let plugged: Transport | undefined;
  const transport: Transport = {
    name: 'either',
    list: async (options) => plugged?.list(options) ?? [],
    open: (device, handlers, options) => plugged?.open(device, handlers, options) ?? Promise.reject(new Error('none')),
  };
  const one = start({ clock, transport });
  first = one.emulator;
  plugged = first.transport();
  return {
    ...one,
    second,
    switchTo(which: 'first' | 'second') {
      first.unplug();
      second.unplug();
      const next = which === 'first' ? first : second;
      next.plug();
      plugged = next.transport();
    },
  };
}

describe('a reply that is lost', () => {
  it.each([1, 2])('%i times: the same bytes are repeated and the payment link is shown once', async (times) => {
    const { client, emulator, within, requests, shown } = start();
    emulator.use(loseReplies(times, { type: 'PAY' }));
    const result = await within(times * 1000, client.pay(order));
    expect(result).toMatchObject({ code: 'SUCCESS', outcome: 'executed', linkLive: 'yes' });
    expect(requests().filter((type) => type === 'PAY')).toHaveLength(times + 1);
    expect(shown()).toBe(1);
  });

  it('three times: the device is asked through a new session, and nothing is sent again', async () => {
    const { client, emulator, within, requests, shown } = start();
    emulator.use(loseReplies(3, { type: 'PAY' }));
    const result = await within(3000, client.pay(order));
    expect(result).toMatchObject({ code: 'SUCCESS', outcome: 'executed', linkLive: 'yes', state: 'ready' });
    expect(requests()).toEqual(['HELLO', 'PAY', 'PAY', 'PAY', 'HELLO']);
    expect(shown()).toBe(1);
  });

  it('three times, and the request never arrived: the outcome is not-executed', async () => {
    const { client, emulator, within, shown } = start();
    emulator.use(ignoreRequests(3, { type: 'PAY' }));
    const result = await within(3000, client.pay(order));
    expect(result).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'not-executed', linkLive: 'no', pending: false });
    expect(shown()).toBe(0);
  });

  it('of CANCEL: the request is repeated too', async () => {
    const { client, emulator, within } = start();
    await within(0, client.pay(order));
    emulator.use(loseReplies(3, { type: 'CANCEL' }));
    expect(await within(3000, client.cancel())).toMatchObject({ code: 'SUCCESS', outcome: 'executed', linkLive: 'no' });
  });

  it('of STATUS: the client asks again', async () => {
    const { client, emulator, within, requests } = start();
    emulator.use(loseReplies(3, { type: 'STATUS' }));
    expect(await within(3000, client.status())).toMatchObject({ state: 'idle' });
    expect(requests()).toEqual(['HELLO', 'STATUS', 'STATUS', 'STATUS', 'HELLO', 'STATUS']);
  });

  it('of HELLO: each try has a new nonce', async () => {
    const { client, emulator, within, shown } = start();
    emulator.use(loseReplies(2, { type: 'HELLO' }));
    expect(await within(2000, client.pay(order))).toMatchObject({ code: 'SUCCESS' });
    expect(shown()).toBe(1);
  });
});

describe('a reply that is not what was asked for', () => {
  it.each([
    ['with another session', wrongSession],
    ['with another sequence', wrongSequence],
    ['of another type', wrongType],
    ['that is damaged', corruptReplies],
  ])('%s is dropped, and the repeat is answered', async (_name, behaviour) => {
    const { client, emulator, within, shown } = start();
    await within(0, client.info());
    emulator.use(behaviour({ times: 1 }));
    const result = await within(1000, client.pay(order));
    expect(result).toMatchObject({ code: 'SUCCESS', outcome: 'executed' });
    expect(shown()).toBe(1);
    const { strayMessages, droppedFrames } = client.statistics;
    expect(strayMessages + droppedFrames).toBeGreaterThan(0);
  });

  it.each([
    ['with another sequence', wrongSequence],
    ['of another type', wrongType],
  ])('to HELLO, %s, opens no session', async (_name, behaviour) => {
    const { client, emulator, within, requests } = start();
    emulator.use(behaviour({ times: 1 }));
    await within(1000, client.info());
    expect(requests()).toEqual(['HELLO', 'HELLO']);
    expect(client.statistics).toMatchObject({ sessions: 1, strayMessages: 1 });
  });

  it('comes twice: the second reply is counted and dropped', async () => {
    const { client, emulator, within } = start();
    await within(0, client.info());
    emulator.use(duplicateReplies());
    expect((await within(0, client.pay(order))).code).toBe('SUCCESS');
    expect((await within(0, client.cancel())).code).toBe('SUCCESS');
    expect(client.statistics.strayMessages).toBe(2);
  });

  it('comes late: it counts while its command still waits, and not afterwards', async () => {
    const { client, emulator, clock, within, shown } = start();
    await within(0, client.info());
    const slow = emulator.use(delayReplies(1500));
    expect((await within(1500, client.pay(order))).code).toBe('SUCCESS');
    slow();
    await clock.advance(1500);
    expect(client.statistics.strayMessages).toBe(1);
    expect((await within(0, client.cancel())).code).toBe('SUCCESS');
    expect(shown()).toBe(1);
  });

  it('comes after noise, or byte by byte', async () => {
    const { client, emulator, within } = start();
    emulator.use(stutter());
    emulator.use(noiseBeforeReplies());
    expect((await within(0, client.pay(order))).code).toBe('SUCCESS');
  });

  it('a SUCCESS without its required fields is not a reply', async () => {
    const { client, emulator, within, shown } = start();
    await within(0, client.info());
    let spoiled = 0;
    emulator.use({
      name: 'spoil',
      onSend: (bytes, next, { request }) => {
        const { session = 0, sequence = 0 } = request ?? {};
        next(
          spoiled++ > 0
            ? bytes
            : encodeMessage({ type: 'CANCEL_REPLY', session, sequence, result: 'SUCCESS', state: 'ready' }),
        );
      },
    });
    expect((await within(1000, client.pay(order))).code).toBe('SUCCESS');
    expect(shown()).toBe(1);
  });
});

describe('a device that is disconnected', () => {
  it('loses power after it executed the command: the outcome is known when it is back', async () => {
    const { client, emulator, clock, within, shown, events } = start();
    await within(0, client.info());
    emulator.use(unplugAfterExecuting());
    const result = client.pay(order);
    await clock.advance(2000);
    emulator.plug();
    expect(await within(0, result)).toMatchObject({ code: 'SUCCESS', outcome: 'executed', linkLive: 'yes' });
    expect(shown()).toBe(1);
    expect(events('disconnected')).toHaveLength(1);
    expect(events('connected')).toHaveLength(2);
  });

  it('does not come back in time: DEVICE_DISCONNECTED, unknown, and resolved later', async () => {
    const { client, emulator, clock, within, events } = start();
    await within(0, client.info());
    emulator.use(unplugAfterExecuting());
    const result = await within(5000, client.pay(order));
    expect(result).toMatchObject({
      code: 'DEVICE_DISCONNECTED',
      outcome: 'unknown',
      linkLive: 'unknown',
      pending: true,
    });
    emulator.plug();
    await clock.advance(0);
    expect(events('resolved')).toEqual([
      { attempt: result.attempt, outcome: 'executed', linkLive: 'yes', pending: false, state: 'ready', taps: 0 },
    ]);
  });

  it.each([
    ['before', restartBeforeExecuting],
    ['after', restartAfterExecuting],
  ])('restarts %s executing: the outcome stays unknown, and the payment link is not live', async (_name, behaviour) => {
    const { client, emulator, within, events } = start();
    await within(0, client.info());
    emulator.use(behaviour());
    const result = await within(1000, client.pay(order));
    expect(result).toMatchObject({ code: 'UNKNOWN_EXCEPTION', outcome: 'unknown', linkLive: 'no', pending: false });
    expect(emulator.snapshot.state).toBe('idle');
    expect(events('resolved')).toEqual([]);
  });

  it('is replaced by another device: unknown, and resolved when the first device is back', async () => {
    const { client, emulator, clock, within, events, second, switchTo } = startTwo();
    await within(0, client.info());
    emulator.use(unplugAfterExecuting());
    const doubtful = client.pay(order);
    await clock.advance(0);
    switchTo('second');
    const result = await within(1000, doubtful);
    expect(result).toMatchObject({
      code: 'DEVICE_DISCONNECTED',
      outcome: 'unknown',
      linkLive: 'unknown',
      pending: true,
    });
    // The payment link of the other device is not reported as that of the first one.
    expect(result).not.toHaveProperty('state');
    expect(result).not.toHaveProperty('taps');
    expect(client.device?.serialNumber).toBe('EMU-0002');
    expect(await within(0, client.pay(order))).toMatchObject({ code: 'SUCCESS' });
    second.unplug();
    second.plug();
    await clock.advance(1000);
    expect(events('connected')).toHaveLength(3);
    expect(events('resolved')).toEqual([]);
    switchTo('first');
    await clock.advance(1000);
    expect(events('resolved')).toMatchObject([{ attempt: result.attempt, outcome: 'executed', linkLive: 'yes' }]);
    await second.close();
  });

  it('leaves during STATUS: the client asks again when it is back', async () => {
    const { client, emulator, clock, within, requests } = start();
    await within(0, client.info());
    emulator.use(cutAfter(9, { type: 'STATUS' }));
    const status = client.status();
    await clock.advance(500);
    emulator.plug();
    expect(await within(0, status)).toMatchObject({ state: 'idle' });
    expect(requests()).toEqual(['HELLO', 'STATUS', 'HELLO', 'STATUS']);
  });

  it('leaves in the middle of its reply', async () => {
    const { client, emulator, clock, within, shown } = start();
    await within(0, client.info());
    emulator.use(cutAfter(9));
    const result = client.pay(order);
    await clock.advance(500);
    emulator.plug();
    expect(await within(0, result)).toMatchObject({ code: 'SUCCESS', outcome: 'executed' });
    expect(shown()).toBe(1);
  });
});

describe('a device that stops answering', () => {
  it('after the command left: UNKNOWN_EXCEPTION in time, only HELLO is sent, and resolved when it answers again', async () => {
    const { client, emulator, clock, within, requests, events, shown } = start();
    await within(0, client.info());
    emulator.use(loseReplies(3, { type: 'PAY' }));
    const mute = emulator.use(loseReplies(1000, { type: 'HELLO' }));
    const result = await within(5000, client.pay(order));
    expect(result).toMatchObject({ code: 'UNKNOWN_EXCEPTION', outcome: 'unknown', linkLive: 'unknown', pending: true });
    const next = client.pay(order, { timeoutMs: 2000 });
    expect(await within(2000, next)).toMatchObject({
      code: 'DEVICE_DISCONNECTED',
      outcome: 'not-sent',
      linkLive: 'no',
    });
    expect(new Set(requests().slice(4))).toEqual(new Set(['HELLO']));
    mute();
    await clock.advance(2000);
    expect(events('resolved')).toMatchObject([{ attempt: result.attempt, outcome: 'executed', linkLive: 'yes' }]);
    expect(shown()).toBe(1);
  });

  it('from the start: not sent, within the time limit', async () => {
    const { client, emulator, within } = start();
    emulator.use(silent());
    const result = await within(700, client.pay(order, { timeoutMs: 700 }));
    expect(result).toMatchObject({ code: 'DEVICE_DISCONNECTED', outcome: 'not-sent', linkLive: 'no' });
    const later = await within(7000, client.pay(order, { timeoutMs: 7000 }));
    expect(later.error?.message).toContain('no BlueTap device answers there');
  });

  it('refuses HELLO: its result is passed on', async () => {
    const { client, emulator, within } = start();
    emulator.use(refuse(9, { type: 'HELLO' }));
    const result = await within(1000, client.pay(order, { timeoutMs: 1000 }));
    expect(result).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'not-sent' });
    expect(result.error).toMatchObject({ reason: 9, message: expect.stringContaining('version') });
  });
});

describe('refusals of one copy', () => {
  it('no such session, of the only copy: the command is sent once more in one new session', async () => {
    const { client, emulator, within, requests, shown } = start();
    await within(0, client.info());
    const attempts: Attempt[] = [];
    emulator.use(refuse(4, { type: 'PAY', times: 1 }));
    const result = await within(0, client.pay(order, { onAttempt: (attempt) => attempts.push(attempt) }));
    expect(result).toMatchObject({ code: 'SUCCESS', outcome: 'executed', attempt: attempts[1] });
    expect(requests()).toEqual(['HELLO', 'PAY', 'HELLO', 'PAY']);
    expect(attempts.map(({ session, sequence }) => [session, sequence])).toEqual([
      [9, 1],
      [10, 1],
    ]);
    expect(shown()).toBe(1);
  });

  it('no such session, twice: refused, and the session is not taken back without a call', async () => {
    const { client, emulator, clock, within, requests } = start();
    await within(0, client.info());
    emulator.use(refuse(4, { type: 'PAY' }));
    const result = await within(0, client.pay(order));
    expect(result).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'refused', linkLive: 'no', error: { reason: 4 } });
    await clock.advance(60_000);
    expect(requests()).toEqual(['HELLO', 'PAY', 'HELLO', 'PAY']);
  });

  it('no such session, and no new session in time: the command was sent and refused', async () => {
    const { client, emulator, within } = start();
    await within(0, client.info());
    emulator.use(refuse(4, { type: 'PAY' }));
    emulator.use(loseReplies(9, { type: 'HELLO' }));
    const result = await within(700, client.pay(order, { timeoutMs: 700 }));
    expect(result).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'refused', linkLive: 'no', error: { reason: 4 } });
    expect(result.attempt).toBeDefined();
  });

  it('no such session, of a CANCEL, and no new session: the old state of the payment link is not reported', async () => {
    const { client, emulator, within } = start();
    await within(0, client.pay({ ...order, expiryTime: 1 }));
    emulator.use(refuse(4, { type: 'CANCEL' }));
    emulator.use(loseReplies(9, { type: 'HELLO' }));
    const result = await within(1500, client.cancel({}, { timeoutMs: 1500 }));
    expect(emulator.snapshot.state).toBe('expired');
    expect(result).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'refused', linkLive: 'unknown' });
    expect(result.state).toBeUndefined();
  });

  it('no such session, of a repeat: the command is in doubt, so the client asks the device', async () => {
    const { client, emulator, within, requests, shown } = start();
    await within(0, client.info());
    emulator.use(loseReplies(1, { type: 'PAY' }));
    let copies = 0;
    const other = refuse(4, { type: 'PAY' });
    emulator.use({
      name: 'the second copy meets no session',
      onFrame: (frame, next, context) => {
        if (frame.type === 2 && ++copies === 2) other.onFrame?.(frame, next, context);
        else next(frame);
      },
    });
    const result = await within(1000, client.pay(order));
    expect(result).toMatchObject({ code: 'SUCCESS', outcome: 'executed', linkLive: 'yes' });
    expect(requests()).toEqual(['HELLO', 'PAY', 'PAY', 'HELLO']);
    expect(shown()).toBe(1);
  });

  it('sequence reused, of the only copy: refused, and the next call sends HELLO first', async () => {
    const { client, emulator, within, requests } = start();
    await within(0, client.info());
    emulator.use(refuse(10, { type: 'PAY', times: 1 }));
    expect(await within(0, client.pay(order))).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'refused' });
    expect(await within(0, client.pay(order))).toMatchObject({ code: 'SUCCESS' });
    expect(requests()).toEqual(['HELLO', 'PAY', 'HELLO', 'PAY']);
  });

  it('no such session, of STATUS: one new session, then the call rejects', async () => {
    const { client, emulator, within, requests } = start();
    await within(0, client.info());
    emulator.use(refuse(4, { type: 'STATUS' }));
    const status = client.status();
    await expect(within(0, status)).rejects.toMatchObject({ code: 'PROCESS_FAIL', reason: 4 });
    expect(requests()).toEqual(['HELLO', 'STATUS', 'HELLO', 'STATUS']);
  });

  it('sequence reused, of STATUS: one new session too', async () => {
    const { client, emulator, within, requests } = start();
    await within(0, client.info());
    emulator.use(refuse(10, { type: 'STATUS', times: 1 }));
    expect(await within(0, client.status())).toMatchObject({ state: 'idle' });
    expect(requests()).toEqual(['HELLO', 'STATUS', 'HELLO', 'STATUS']);
  });

  it('any other reason, of STATUS: the call rejects immediately, and the session stays', async () => {
    const { client, emulator, within, requests } = start();
    await within(0, client.info());
    emulator.use(refuse(11, { type: 'STATUS', times: 1 }));
    const status = client.status();
    await expect(within(0, status)).rejects.toMatchObject({ code: 'UNKNOWN_EXCEPTION', reason: 11 });
    expect(await within(0, client.status())).toMatchObject({ state: 'idle' });
    expect(requests()).toEqual(['HELLO', 'STATUS', 'STATUS']);
  });
});

describe('an attempt that was stored', () => {
  it('is passed on before the first byte leaves, and the client waits', async () => {
    const { client, clock, within, requests } = start();
    await within(0, client.info());
    let written: () => void = () => {};
    const result = client.pay(order, { onAttempt: () => new Promise<void>((resolve) => (written = resolve)) });
    await clock.advance(3000);
    expect(requests()).toEqual(['HELLO']);
    written();
    expect(await within(0, result)).toMatchObject({ code: 'SUCCESS' });
  });

  it('cannot be stored: nothing is sent', async () => {
    const { client, within, requests } = start();
    const failing = { onAttempt: () => Promise.reject(new Error('disk full')) };
    const result = await within(0, client.pay(order, failing));
    expect(result).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'not-sent', linkLive: 'no' });
    expect(result.error?.message).toContain('disk full');
    expect(requests()).toEqual(['HELLO']);
  });

  it('is stored too slowly: nothing is sent', async () => {
    const { client, within, requests } = start();
    const result = client.pay(order, { onAttempt: () => new Promise(() => {}), timeoutMs: 100 });
    expect(await within(100, result)).toMatchObject({ code: 'PROCESS_FAIL', outcome: 'not-sent' });
    expect(requests()).toEqual(['HELLO']);
  });

  it('is sent in the session that is open after it was stored, if its own session has ended', async () => {
    const { client, emulator, clock, within, requests } = start();
    await within(0, client.info());
    const attempts: Attempt[] = [];
    const result = client.pay(order, {
      onAttempt: async (attempt) => {
        attempts.push(attempt);
        if (attempts.length === 1) {
          emulator.unplug();
          await new Promise<void>((resolve) => clock.setTimeout(resolve, 10));
          emulator.plug();
        }
      },
    });
    expect(await within(2000, result)).toMatchObject({ code: 'SUCCESS', attempt: attempts[1] });
    expect(requests()).toEqual(['HELLO', 'HELLO', 'PAY']);
  });

  it('can be used in outcomeOf after a restart of the program', async () => {
    const { client, emulator, clock, within } = start();
    let saved = '';
    const result = client.pay(order, { onAttempt: (attempt) => (saved = JSON.stringify(attempt)) });
    await clock.advance(0);
    await within(0, client.close());
    expect((await result).code).toBe('SUCCESS');
    await using restarted = new Client({ transport: emulator.transport(), clock });
    expect(await within(0, restarted.outcomeOf(JSON.parse(saved)))).toEqual({
      outcome: 'executed',
      linkLive: 'yes',
      pending: false,
    });
    await within(0, restarted.cancel());
    expect(await within(0, restarted.outcomeOf(JSON.parse(saved)))).toEqual({
      outcome: 'unknown',
      linkLive: 'no',
      pending: false,
    });
  });

  it('is resolved when the new client gets it', async () => {
    const { client, emulator, clock, within } = start();
    await within(0, client.info());
    emulator.use(ignoreRequests(9, { type: 'PAY' }));
    const lost = client.pay(order);
    await clock.advance(100);
    await within(0, client.close());
    const { attempt, ...result } = await lost;
    expect(result).toMatchObject({ outcome: 'unknown', linkLive: 'unknown', pending: true });
    await using restarted = new Client({
      transport: emulator.transport(),
      clock,
      pendingAttempts: attempt ? [attempt] : [],
    });
    const told: unknown[] = [];
    restarted.on('resolved', (resolution) => told.push(resolution));
    await clock.advance(0);
    expect(told).toEqual([
      { attempt, outcome: 'not-executed', linkLive: 'no', pending: false, state: 'idle', taps: 0 },
    ]);
  });

  it('of another device stays in doubt', async () => {
    const { client, within } = start();
    const attempt: Attempt = { command: 'PAY', serialNumber: 'ELSE', bootId: 7, session: 9, sequence: 1, last: null };
    expect(await within(0, client.outcomeOf(attempt))).toEqual({
      outcome: 'unknown',
      linkLive: 'unknown',
      pending: true,
    });
  });
});

describe('two hosts', () => {
  it('take turns, with one new session for each call, and no payment link is shown twice', async () => {
    const one = start();
    await using second = new Client({ transport: one.emulator.transport(), clock: one.clock });
    for (let turn = 1; turn <= 5; turn++) {
      expect(await one.within(0, one.client.pay(order))).toMatchObject({ code: 'SUCCESS' });
      expect(await one.within(0, second.pay(order))).toMatchObject({ code: 'SUCCESS' });
      expect(one.shown()).toBe(turn * 2);
    }
  });

  it('one is in doubt while the other acts: unknown, and its payment link is not live any more', async () => {
    const one = start();
    await one.within(0, one.client.info());
    one.emulator.use(loseReplies(1, { type: 'PAY' }));
    const doubtful = one.client.pay(order);
    await one.clock.advance(500);
    await using second = new Client({ transport: one.emulator.transport(), clock: one.clock });
    expect(await one.within(0, second.pay({ paymentMethod: 'SEVEN_11' }))).toMatchObject({ code: 'SUCCESS' });
    expect(await one.within(500, doubtful)).toMatchObject({
      code: 'UNKNOWN_EXCEPTION',
      outcome: 'unknown',
      linkLive: 'no',
    });
    expect(one.emulator.snapshot.paymentMethod).toBe('SEVEN_11');
  });
});
