import { describe, expect, test } from 'vitest';
import { DeviceLog } from './device-log.js';
import type { Entry } from './programs/journal.js';
import type { Attempt, EmulatorEvent, Facts } from './programs/packages.js';
import { Truth } from './truth.js';

// A check that finds nothing would also pass. So these tests pass each kind of false report to it once.

const connection = 'tcp 1';
const message = (direction: 'in' | 'out', fields: object) =>
  ({ event: 'message', direction, connection, message: fields }) as unknown as EmulatorEvent;
const shows = (orderId: string) =>
  ({ event: 'state', cause: 'pay', orderId, snapshot: { state: 'ready', orderId } }) as unknown as EmulatorEvent;

/** Makes the log of a device with the boot id 1 that received one PAY of the order X. */
function device(did: 'executes' | 'refuses' | 'never gets'): DeviceLog {
  const log = new DeviceLog();
  log.feed(message('out', { type: 'HELLO_REPLY', session: 7, sequence: 0, result: 'SUCCESS', bootId: 1 }));
  if (did === 'never gets') return log;
  log.feed(message('in', { type: 'PAY', session: 7, sequence: 1, orderId: 'X' }));
  if (did === 'executes') log.feed(shows('X'));
  const result = did === 'executes' ? 'SUCCESS' : 'PROCESS_FAIL';
  log.feed(message('out', { type: 'PAY_REPLY', session: 7, sequence: 1, result }));
  return log;
}

const attempt: Attempt = { command: 'PAY', serialNumber: 'E', bootId: 1, session: 7, sequence: 1, last: null };
const called: Entry = { entry: 'call', id: 'R0-0', command: 'PAY', orderId: 'X', timeoutMs: 100 };
const attempted: Entry = { entry: 'attempt', id: 'R0-0', attempt };
const fact = (outcome: Facts['outcome'], linkLive: Facts['linkLive'], pending = false): Facts => ({
  outcome,
  linkLive,
  pending,
});
const result = (facts: Facts, more: object = {}): Entry => ({
  entry: 'result',
  id: 'R0-0',
  code: facts.outcome === 'executed' ? 'SUCCESS' : 'PROCESS_FAIL',
  ms: 1,
  attempt,
  ...facts,
  ...more,
});
const told = (facts: Facts): Entry => ({ entry: 'told', by: 'resolved', attempt, ...facts });

const yes = fact('executed', 'yes');
const refused = fact('refused', 'no');
const pending = fact('unknown', 'unknown', true);
const judge = (entries: Entry[], logs = [device('executes')], killed: string[] = []) =>
  new Truth().check(entries, logs, new Set(killed));

describe('true reports cause no complaint', () => {
  test.each<[string, Entry[], DeviceLog[], string[]]>([
    ['executed', [called, attempted, result(yes)], [device('executes')], []],
    ['refused', [called, attempted, result(refused)], [device('refuses')], []],
    ['not sent', [called, attempted, result(fact('not-sent', 'no'))], [device('never gets')], []],
    ['in doubt, then resolved', [called, attempted, result(pending), told(yes)], [device('executes')], []],
    ['cut short, then asked', [called, attempted, told(fact('not-executed', 'no'))], [device('never gets')], ['R0']],
  ])('%s', (_, entries, logs, killed) => expect(judge(entries, logs, killed)).toEqual([]));

  test('unknown, after a restart', () => {
    const next = new DeviceLog();
    next.bootId = 2;
    expect(judge([called, attempted, result(fact('unknown', 'no'))], [device('executes'), next])).toEqual([]);
  });
});

describe('false reports cause a complaint', () => {
  const idle = device('never gets');
  const twice = device('executes');
  twice.feed(message('in', { type: 'PAY', session: 7, sequence: 2, orderId: 'X' }));
  twice.feed(shows('X'));
  twice.feed(message('out', { type: 'PAY_REPLY', session: 7, sequence: 2, result: 'SUCCESS' }));
  const second: Entry = { entry: 'attempt', id: 'R0-0', attempt: { ...attempt, sequence: 2 } };

  test.each<[string, Entry[], DeviceLog]>([
    ['reported as executed, but was not executed', [called, attempted, result(yes)], idle],
    ['reported as refused, but was executed', [called, attempted, result(refused)], device('executes')],
    ['reported as refused, but never arrived', [called, attempted, result(refused)], idle],
    [
      'reported as not executed, but was executed',
      [called, attempted, result(fact('not-executed', 'no'))],
      device('executes'),
    ],
    ['reported as not sent, but arrived', [called, attempted, result(fact('not-sent', 'no'))], device('refuses')],
    ['reported as not sent, but was executed', [called, attempted, result(fact('not-sent', 'no'))], device('executes')],
    [
      'the device has neither restarted nor executed another command',
      [called, attempted, result(fact('unknown', 'no'))],
      device('executes'),
    ],
    ['executed more than once', [called, attempted, second, result(yes)], twice],
    ['its payment link was shown 2 times', [called, attempted, second, result(yes)], twice],
    ['executed, but not in the journal', [called, result(yes)], device('executes')],
    ['without an outcome', [called, attempted, result(pending)], device('executes')],
    ['still unknown', [called, attempted, result(pending), told(pending)], device('executes')],
    ['a final outcome was reported again', [called, attempted, result(yes), told(yes)], device('executes')],
    ['settled more than once', [called, attempted, result(yes), result(yes)], device('executes')],
    ['settled late', [called, attempted, result(yes, { ms: 5000 })], device('executes')],
    ['a wrong code', [called, attempted, result(yes, { code: 'PROCESS_FAIL' })], device('executes')],
    ['not settled, although its POS was not killed', [called, attempted, told(yes)], device('executes')],
    ['reported that no payment link is live', [called, attempted, result(fact('executed', 'no'))], device('executes')],
    ['unknown for an unexpected reason', [called, result(fact('unknown', 'unknown'), { attempt: undefined })], idle],
    ['an attempt that was not made', [called, result(fact('not-sent', 'no')), told(yes)], idle],
  ])('%s', (complaint, entries, log) => {
    expect(judge(entries, [log]).join('\n')).toContain(complaint);
  });
});
