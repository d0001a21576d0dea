import type { DeviceCase } from '../probe/device-case.js';
import { must } from '../probe/outcomes.js';
import type { RawSession } from '../probe/raw-session.js';
import { readBlank } from './blank-tag.js';

/** What the first HELLO after a start must say. */
function expectFresh({ hello }: RawSession): void {
  const { state, taps = 0, lastCommand } = hello;
  must(
    state === 'idle' && taps === 0 && !lastCommand,
    `HELLO was answered with state ${state}, taps ${taps}, last command ${JSON.stringify(lastCommand) ?? 'absent'}`,
    'state idle, taps 0 and no last command after a start',
  );
}

/** A start of the device. docs/protocol.md section 4. */
export const RESTART_CASES: readonly DeviceCase[] = [
  {
    name: 'a start forgets the session, the payment link and the last command',
    rules: ['R-47', 'R-36', 'R-40', 'R-41'],
    did: 'It showed a payment link, took the power away and gave it again, and sent a STATUS of the old session and HELLO.',
    expected: 'reason 4 for the old session, and then another boot id, state idle, taps 0 and no last command',
    needs: { hook: ['power-cycle'] },
    async run(probe) {
      const before = await probe.open();
      await before.accepted(before.pay(), { state: 'ready' });
      const after = await probe.powerCycle(before);
      expectFresh(after);
      const { bootId } = after.hello;
      must(bootId !== before.hello.bootId, `the boot id is ${bootId} again`, 'another boot id');
      await after.accepted(after.status(), { state: 'idle', taps: 0 });
      await after.accepted(after.cancel(), { state: 'idle' });
      return 'the device knew nothing of what was before';
    },
  },
  {
    name: 'the tag is blank after a start',
    rules: ['R-47'],
    did: 'It showed a payment link, let a phone tap, took the power away and gave it again, and let a phone tap.',
    expected: 'a blank tag, state idle and taps 0',
    needs: { hook: ['power-cycle', 'tap'] },
    async run(probe) {
      const before = await probe.open();
      await before.accepted(before.pay(), { state: 'ready' });
      await probe.act('tap');
      const after = await probe.powerCycle();
      expectFresh(after);
      await readBlank(probe, 'after a start');
      await after.accepted(after.status(), { state: 'idle', taps: 0 });
      return 'the tag was blank';
    },
  },
  {
    name: 'each start has another boot id, and its own session numbers',
    rules: ['R-41', 'R-35'],
    did: 'It took the power away and gave it again, three times.',
    expected: 'boot ids that differ, and first session numbers that are not all the same',
    needs: { hook: ['power-cycle'] },
    async run(probe) {
      const bootIds = [(await probe.open()).hello.bootId];
      const numbers: number[] = [];
      for (let left = 3; left > 0; left--) {
        const session = await probe.powerCycle();
        bootIds.push(session.hello.bootId);
        numbers.push(session.number);
      }
      must(new Set(bootIds).size === bootIds.length, `the boot ids are ${bootIds.join(', ')}`, 'boot ids that differ');
      must(
        new Set(numbers).size > 1,
        `each start begins with session ${numbers[0]}`,
        'a first session number that is random',
      );
      return `the boot ids are ${bootIds.join(', ')}, and the first sessions ${numbers.join(', ')}`;
    },
  },
];
