import type { DeviceCase } from '../device-case.js';
import { Mismatch } from '../outcomes.js';

/** Sequences and repeats. docs/protocol.md section 4. */
export const SEQUENCE_CASES: readonly DeviceCase[] = [
  {
    name: 'a repeated PAY is not executed again',
    rules: ['R-38'],
    did: 'It sent a PAY of 30 s, waited 1.1 s and sent the same bytes.',
    expected: 'SUCCESS again, and a remaining that has fallen',
    async run(probe) {
      const session = await probe.open();
      const pay = session.pay();
      await session.accepted(pay, { state: 'ready', remaining: 30 });
      await probe.wait(1100);
      const again = await session.accepted(pay, { state: 'ready' });
      const remaining = 'remaining' in again ? again.remaining : undefined;
      if (remaining === undefined || remaining >= 30) {
        throw new Mismatch(`the repeat has remaining ${remaining}`, 'a remaining below 30, 1.1 s after the PAY');
      }
      return `the repeat has remaining ${remaining}`;
    },
  },
];
