import { describe, expect, it } from 'vitest';
import { linkLiveAfter, type Seen, settleDoubt, weighRefusal } from '../../src/command/outcome-rules.js';
import type { Attempt } from '../../src/index.js';

const pay: Attempt = {
  command: 'PAY',
  serialNumber: 'A',
  bootId: 1,
  session: 10,
  sequence: 3,
  last: { session: 10, sequence: 2 },
};
const cancel: Attempt = { ...pay, command: 'CANCEL' };
const cancelOne: Attempt = { ...cancel, oneOrder: true };
const first: Attempt = { ...pay, last: null };
const seen: Seen = { serialNumber: 'A', bootId: 1, session: 20, state: 'ready' };
const itself = { session: 10, sequence: 3 };
const before = { session: 10, sequence: 2 };
const other = { session: 11, sequence: 3 };

describe('settleDoubt', () => {
  it.each<[string, Attempt, Partial<Seen>, string, string, boolean]>([
    ['another device', pay, { serialNumber: 'B', lastCommand: itself }, 'unknown', 'unknown', true],
    ['the device restarted', pay, { bootId: 2, state: 'idle' }, 'unknown', 'no', false],
    [
      'the device restarted, another payment link ready',
      pay,
      { bootId: 2, lastCommand: other },
      'unknown',
      'no',
      false,
    ],
    [
      'the device restarted, CANCEL, another payment link ready',
      cancel,
      { bootId: 2, lastCommand: other },
      'unknown',
      'unknown',
      false,
    ],
    ['the device restarted, CANCEL, no payment link', cancel, { bootId: 2, state: 'idle' }, 'unknown', 'no', false],
    ['PAY is the last command, linkLive ready', pay, { lastCommand: itself }, 'executed', 'yes', false],
    [
      'PAY is the last command, linkLive expired',
      pay,
      { lastCommand: itself, state: 'expired' },
      'executed',
      'no',
      false,
    ],
    [
      'PAY is the last command, payment link lost',
      pay,
      { lastCommand: itself, state: 'idle' },
      'executed',
      'no',
      false,
    ],
    ['CANCEL is the last command', cancel, { lastCommand: itself, state: 'cancelled' }, 'executed', 'no', false],
    ['the last command is the command before', pay, { lastCommand: before }, 'not-executed', 'no', false],
    ['no command before and no command now', first, { state: 'idle' }, 'not-executed', 'no', false],
    ['no command before, another command now', first, { lastCommand: other }, 'unknown', 'no', false],
    ['CANCEL not executed, payment link live', cancel, { lastCommand: before }, 'not-executed', 'yes', false],
    [
      'CANCEL not executed, no payment link',
      cancel,
      { lastCommand: before, state: 'expired' },
      'not-executed',
      'no',
      false,
    ],
    ['CANCEL of one order not executed', cancelOne, { lastCommand: before }, 'not-executed', 'unknown', false],
    ['another host acted', pay, { lastCommand: other }, 'unknown', 'no', false],
    [
      'another host acted in a session of the same sequence',
      pay,
      { lastCommand: { session: 12, sequence: 3 } },
      'unknown',
      'no',
      false,
    ],
    ['another host acted, CANCEL, payment link live', cancel, { lastCommand: other }, 'unknown', 'unknown', false],
    [
      'another host acted, CANCEL, no payment link',
      cancel,
      { lastCommand: other, state: 'cancelled' },
      'unknown',
      'no',
      false,
    ],
  ])('%s', (_name, attempt, difference, outcome, linkLive, pending) => {
    expect(settleDoubt(attempt, { ...seen, ...difference })).toEqual({ outcome, linkLive, pending });
  });
});

describe('linkLiveAfter', () => {
  it.each([
    ['PAY', false, 'executed', 'ready', undefined, 'yes'],
    ['PAY', false, 'executed', 'expired', undefined, 'no'],
    ['PAY', false, 'refused', 'ready', 2, 'no'],
    ['PAY', false, 'not-executed', 'ready', undefined, 'no'],
    ['CANCEL', false, 'executed', 'cancelled', undefined, 'no'],
    ['CANCEL', true, 'refused', 'ready', 5, 'no'],
    ['CANCEL', true, 'refused', 'ready', 11, 'unknown'],
    // The device that answers may be another one.
    ['CANCEL', true, 'refused', 'ready', 4, 'unknown'],
    ['CANCEL', false, 'refused', 'ready', 4, 'unknown'],
    ['CANCEL', false, 'refused', 'idle', 4, 'unknown'],
    ['CANCEL', false, 'refused', 'idle', 10, 'unknown'],
    ['PAY', false, 'refused', 'ready', 4, 'no'],
    ['CANCEL', false, 'refused', 'ready', 11, 'yes'],
    ['CANCEL', false, 'refused', 'idle', 11, 'no'],
  ] as const)('%s (one order: %s), %s, %s, reason %s: %s', (command, one, outcome, state, reason, live) => {
    expect(linkLiveAfter({ command, ...(one && { oneOrder: true }) }, outcome, state, reason)).toBe(live);
  });
});

describe('weighRefusal', () => {
  it.each([
    [1, 1, false, 'final'],
    [2, 3, false, 'final'],
    [6, 2, true, 'final'],
    [11, 3, false, 'final'],
    [99, 3, false, 'final'],
    [4, 1, false, 'again'],
    [4, 1, true, 'final'],
    [4, 2, false, 'doubt'],
    [4, 3, true, 'doubt'],
    [10, 1, false, 'final'],
    [10, 2, false, 'doubt'],
  ] as const)('reason %i, %i copies, HELLO used %s: %s', (reason, copies, helloUsed, weight) => {
    expect(weighRefusal(reason, copies, helloUsed)).toBe(weight);
  });
});
