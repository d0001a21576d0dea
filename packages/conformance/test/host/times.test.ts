import { encodeMessage, type Message } from '@bluetap/protocol';
import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../../src/host/contract/log.js';
import { Conversation } from '../../src/host/wire/conversation.js';

/** A session is open, and a PAY was sent at the time 100. */
const BEFORE: readonly LogEntry[] = [
  { kind: 'call', atMs: 0, timeoutMs: 5000 },
  { kind: 'opened', atMs: 10, connection: 1 },
  host(20, { type: 'HELLO', session: 0, sequence: 0, nonce: 5 }),
  {
    ...host(21, {
      type: 'HELLO_REPLY',
      session: 9,
      sequence: 0,
      result: 'SUCCESS',
      state: 'idle',
      nonce: 5,
      model: 'M',
      firmware: 'F',
      serialNumber: 'S',
      bootId: 1,
    }),
    from: 'device',
  },
];
const PAY: Message = { type: 'PAY', session: 9, sequence: 1, paymentMethod: 'TRUEMONEY' };

function host(atMs: number, message: Message, earliestMs = atMs): LogEntry & { kind: 'bytes' } {
  return { kind: 'bytes', atMs, earliestMs, from: 'host', connection: 1, bytes: encodeMessage(message) };
}

const breachesOf = (...after: LogEntry[]) =>
  new Conversation([...BEFORE, ...after]).breaches.map(({ rule, timing = false }) => [rule, timing]);

describe('the time of a repeat', () => {
  test.each([
    ['1000 ms', 100, 1100, []],
    ['600 ms: perhaps a delay of this machine', 100, 700, [['R-75', true]]],
    ['300 ms: surely of the host', 100, 400, [['R-75', false]]],
    ['2500 ms', 100, 2600, [['R-75', true]]],
  ] as const)('after %s', (_, first, second, breaches) => {
    expect(breachesOf(host(first, PAY), host(second, PAY))).toEqual(breaches);
  });

  test('a first copy that was read late', () => {
    expect(breachesOf(host(500, PAY, 100), host(1120, PAY))).toEqual([]);
  });

  test('a repeat that was read late', () => {
    expect(breachesOf(host(100, PAY), host(2500, PAY, 1100))).toEqual([]);
  });
});

describe('HELLO while PAY has no answer', () => {
  const hello: Message = { type: 'HELLO', session: 0, sequence: 0, nonce: 6 };

  test('before 1000 ms', () => expect(breachesOf(host(100, PAY), host(300, hello))).toEqual([['R-71', false]]));

  test('after 1000 ms', () => expect(breachesOf(host(100, PAY), host(1100, hello))).toEqual([]));

  test('when the time of the call is up', () => expect(breachesOf(host(4900, PAY), host(5001, hello))).toEqual([]));
});
