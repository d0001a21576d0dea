import type { DeviceCase } from '../probe/device-case.js';
import { must } from '../probe/outcomes.js';
import type { RawSession } from '../probe/raw-session.js';

/** The longest time to answer, in milliseconds. docs/protocol.md section 5. */
const LIMIT_MS = 500;
const TRIES = 3;

/** @throws Mismatch if three tries took longer than 500 ms. */
async function inTime(what: string, send: () => Promise<RawSession>): Promise<string> {
  const times: number[] = [];
  for (let left = TRIES; left > 0; left--) {
    const { line } = await send();
    if (line.answerMs <= LIMIT_MS) return `${what} ${line.answerMs.toFixed(1)} ms`;
    times.push(line.answerMs);
  }
  const shown = times.map((ms) => ms.toFixed(1)).join(', ');
  must(false, `${what} was answered after ${shown} ms`, `an answer within ${LIMIT_MS} ms in one of ${TRIES} tries`);
  return shown;
}

/** How fast a device answers. docs/protocol.md section 5. */
export const TIMING_CASES: readonly DeviceCase[] = [
  {
    name: 'every request is answered within 500 ms',
    rules: ['R-34'],
    did: 'It sent HELLO, PAY, a repeated PAY, STATUS, a refused PAY and CANCEL, up to three times each.',
    expected: 'an answer to each within 500 ms in one of three tries',
    async run(probe) {
      const session = await probe.open();
      const taken = [await inTime('HELLO', () => probe.open())];
      const ask = (what: string, send: (open: RawSession) => Promise<unknown>) =>
        inTime(what, async () => {
          await send(now);
          return now;
        });
      const now = await probe.open();
      must(now.number !== session.number, 'the same session came again', 'another session');
      let pay = now.pay();
      taken.push(
        await ask('PAY', (open) => {
          pay = open.pay();
          return open.accepted(pay, { state: 'ready' });
        }),
        await ask('repeat', (open) => open.accepted(pay, { state: 'ready' })),
        await ask('STATUS', (open) => open.accepted(open.status())),
        await ask('refusal', (open) => open.ask(open.pay({ amount: 'x' }))),
        await ask('CANCEL', (open) => open.accepted(open.cancel())),
      );
      return `the answers took: ${taken.join(', ')}`;
    },
  },
];
