import {
  type Behaviour,
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
import { beforeEach, describe, expect, test } from 'vitest';
import { RawHost } from '../raw-host.js';

let clock: VirtualClock;
let emulator: Emulator;
let host: RawHost;

beforeEach(() => {
  clock = new VirtualClock();
  emulator = new Emulator({ clock });
  host = new RawHost(emulator);
  host.hello();
  host.chunks.length = 0;
});

/** Sends a request with the next sequence. Returns the replies that came immediately. */
function send(type: 'PAY' | 'CANCEL' | 'STATUS', sequence = ++host.sequence) {
  const head = { session: host.session, sequence };
  host.connection.receive(
    encodeMessage(type === 'PAY' ? { type, ...head, paymentMethod: 'TRUEMONEY' } : { type, ...head }),
  );
  return got();
}
const got = () => host.take().map((decoded) => (decoded.ok ? decoded.message : decoded.error));

describe('requests', () => {
  test('silent: the device executes, answers and reports nothing', () => {
    send('PAY');
    emulator.use(silent());
    expect(send('CANCEL')).toEqual([]);
    emulator.tap();
    expect(got()).toEqual([]);
    expect(emulator.snapshot.state).toBe('ready');
  });

  test('ignoreRequests: the request is lost, so the device executes the repeat', () => {
    emulator.use(ignoreRequests(2, { type: 'PAY' }));
    expect(send('STATUS')).toHaveLength(1);
    expect(send('PAY')).toEqual([]);
    expect(send('PAY', 2)).toEqual([]);
    expect(emulator.snapshot.state).toBe('idle');
    expect(send('PAY', 2)).toMatchObject([{ result: 'SUCCESS' }]);
  });

  test('refuse: any reason; the device executes nothing and uses no sequence', () => {
    const remove = emulator.use(refuse(11, { type: 'PAY' }));
    const refused = { type: 'PAY_REPLY', session: host.session, sequence: 1, state: 'idle' };
    expect(send('PAY')).toEqual([{ ...refused, result: 'UNKNOWN_EXCEPTION', reason: 11 }]);
    remove();
    emulator.use(refuse(4, { times: 1 }));
    expect(send('PAY', 1)).toEqual([{ ...refused, result: 'PROCESS_FAIL', reason: 4 }]);
    expect(send('PAY', 1)).toMatchObject([{ result: 'SUCCESS' }]);
  });
});

describe('replies', () => {
  test('loseReplies: the reply is lost; the device answers a repeat and does not execute it again', () => {
    emulator.use(loseReplies(1, { type: 'PAY' }));
    expect(send('PAY')).toEqual([]);
    expect(emulator.tap()).toMatchObject({ taps: 1 });
    got();
    expect(send('PAY', 1)).toMatchObject([{ result: 'SUCCESS' }]);
    expect(emulator.snapshot.taps).toBe(1);
  });

  test('a behaviour changes LINK only if its type is LINK', () => {
    send('PAY');
    emulator.use(loseReplies(Number.POSITIVE_INFINITY));
    emulator.tap();
    expect(got()).toMatchObject([{ type: 'LINK', sequence: 1 }]);
    emulator.use(loseReplies(1, { type: 'LINK' }));
    emulator.tap();
    emulator.tap();
    expect(got()).toMatchObject([{ type: 'LINK', sequence: 3 }]);
  });

  test('delayReplies: the reply is late by the clock, and lost if the connection closes', async () => {
    emulator.use(delayReplies(700));
    expect(send('STATUS')).toEqual([]);
    await clock.advance(699);
    expect(got()).toEqual([]);
    await clock.advance(1);
    expect(got()).toHaveLength(1);
    expect(send('STATUS')).toEqual([]);
    expect(clock.pending).toBe(1);
    host.connection.end();
    expect(clock.pending).toBe(0);
  });

  test('duplicateReplies', () => {
    emulator.use(duplicateReplies());
    const replies = send('STATUS');
    expect(replies).toHaveLength(2);
    expect(replies[0]).toEqual(replies[1]);
  });

  test('wrongSession, wrongSequence, wrongType: once each, with a correct CRC', () => {
    emulator.use(wrongSession({ times: 1 }));
    expect(send('STATUS')).toMatchObject([{ session: (host.session + 1) & 0xffff, sequence: 1 }]);
    emulator.use(wrongSequence({ times: 1 }));
    expect(send('STATUS')).toMatchObject([{ session: host.session, sequence: 3 }]);
    emulator.use(wrongType({ times: 2 }));
    expect(send('CANCEL')).toMatchObject([{ type: 'STATUS_REPLY', sequence: 3 }]);
    expect(send('STATUS')).toMatchObject([{ type: 'CANCEL_REPLY', sequence: 4 }]);
    expect(send('STATUS')).toMatchObject([{ type: 'STATUS_REPLY', session: host.session, sequence: 5 }]);
  });

  test('corruptReplies: the frame is lost, and the next frame arrives', () => {
    const remove = emulator.use(corruptReplies());
    expect(send('STATUS')).toEqual([]);
    expect(host.drops).not.toEqual([]);
    remove();
    expect(send('STATUS')).toHaveLength(1);
  });

  test('noiseBeforeReplies: the noise is dropped, and the reply arrives', () => {
    emulator.use(noiseBeforeReplies());
    expect(send('STATUS')).toHaveLength(1);
    expect(host.drops.length).toBeGreaterThan(0);
  });

  test('stutter: one byte at a time, without or with gaps', async () => {
    const remove = emulator.use(stutter());
    expect(send('STATUS')).toHaveLength(1);
    expect(host.chunks.every(({ length }) => length === 1)).toBe(true);
    remove();
    emulator.use(stutter({ gapMs: 10 }));
    host.chunks.length = 0;
    expect(send('STATUS')).toEqual([]);
    await clock.advance(10);
    expect(host.chunks).toHaveLength(2);
    await clock.advance(1000);
    expect(got()).toHaveLength(1);
  });
});

describe('the device disappears', () => {
  test('cutAfter: the device sends a part of a reply and is unplugged', () => {
    emulator.use(cutAfter(4, { type: 'PAY' }));
    expect(send('PAY')).toEqual([]);
    expect(host.chunks.map(({ length }) => length)).toEqual([4]);
    expect(host.closed).toBe(true);
    expect(emulator.snapshot).toMatchObject({ plugged: false, state: 'ready' });
  });

  test.each([
    ['restartBeforeExecuting', restartBeforeExecuting, { plugged: true, state: 'idle' }],
    ['restartAfterExecuting', restartAfterExecuting, { plugged: true, state: 'idle' }],
    ['unplugAfterExecuting', unplugAfterExecuting, { plugged: false, state: 'ready' }],
  ])('%s: once, at a PAY, without a reply', (_, behaviour, snapshot) => {
    emulator.use(behaviour());
    expect(send('STATUS')).toHaveLength(1);
    expect(send('PAY')).toEqual([]);
    expect(host.closed).toBe(true);
    expect(emulator.snapshot).toMatchObject(snapshot);
    emulator.plug();
    host = new RawHost(emulator);
    const hello = host.hello();
    if (snapshot.state === 'ready') expect(hello).toHaveProperty('lastCommand');
    else expect(hello).not.toHaveProperty('lastCommand');
    expect(host.request({ type: 'PAY', paymentMethod: 'TRUEMONEY' })).toMatchObject({ result: 'SUCCESS' });
  });
});

describe('the stack', () => {
  test('the newest is first for requests and replies; a removed behaviour is not called', () => {
    const seen: string[] = [];
    const spy = (name: string): Behaviour => ({
      name,
      onFrame: (frame, next) => {
        seen.push(`in ${name}`);
        next(frame);
      },
      onSend: (bytes, next) => {
        seen.push(`out ${name}`);
        next(bytes);
      },
    });
    emulator.use(spy('old'));
    const remove = emulator.use(spy('new'));
    send('STATUS');
    expect(seen).toEqual(['in new', 'in old', 'out new', 'out old']);
    remove();
    seen.length = 0;
    send('STATUS');
    expect(seen).toEqual(['in old', 'out old']);
  });

  test('a request that is passed on after its connection closed does nothing, also a HELLO', async () => {
    const remove = emulator.use({
      name: 'late',
      onFrame: (frame, next) => void clock.setTimeout(() => next(frame), 10),
    });
    send('PAY');
    host.connection.receive(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 2 }));
    host.connection.end();
    remove();
    host = new RawHost(emulator);
    host.hello();
    await clock.advance(10);
    expect(emulator.snapshot.state).toBe('idle');
    expect(send('STATUS')).toMatchObject([{ result: 'SUCCESS' }]);
  });

  test('a behaviour receives the connection, the request and the device', () => {
    const seen: unknown[] = [];
    emulator.use({
      name: 'look',
      onSend(bytes, next, { emulator: device, connection, request }) {
        seen.push(this.name, device === emulator, connection, request?.sequence);
        next(bytes);
      },
    });
    send('STATUS');
    expect(seen).toEqual(['look', true, 'test', 1]);
  });
});
