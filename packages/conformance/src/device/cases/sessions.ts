import { MessageType, Reason } from '@bluetap/protocol';
import { crc32c } from '@bluetap/protocol/tools';
import type { DeviceCase } from '../device-case.js';
import { joined, noncePayload, requestWithCrc } from '../frames.js';
import { Lifetime } from '../lifetime.js';
import { must } from '../outcomes.js';
import { checkRefused, SAMPLE } from '../raw-session.js';
import { anotherHost } from '../session-count.js';

/** How often the first case opens a session. */
const OPENINGS = 5;
const LAST_NUMBER = 65535;
/** How many sessions to open after the last number, so that the numbers pass 255. */
const AFTER_THE_END = 300;

function next(number: number): number {
  return (number % LAST_NUMBER) + 1;
}

/** Session numbers. They come first: they say whether a jump shows another host. docs/protocol.md section 4. */
export const SESSION_NUMBER_CASES: readonly DeviceCase[] = [
  {
    name: 'each HELLO opens a session with the next number',
    rules: ['R-35'],
    did: `It sent ${OPENINGS} HELLOs, one after the other.`,
    expected: 'numbers that count up by one, and never 0',
    async run(probe) {
      const numbers: number[] = [];
      // Only this case can tell a wrong count from another host: another host does not act between all of them.
      const steps: number[] = [];
      for (let left = OPENINGS; left > 0; left--) {
        const before = probe.count.latest;
        probe.count.distrustNumbers(true);
        const { number } = await probe.open().finally(() => probe.count.distrustNumbers(false));
        numbers.push(number);
        steps.push((number - before + LAST_NUMBER) % LAST_NUMBER);
      }
      const inner = steps.slice(1);
      const isWrong = numbers.includes(0) || inner.some((step) => step === 0) || inner.every((step) => step !== 1);
      if (isWrong) probe.count.distrustNumbers(true);
      must(!isWrong, `the numbers are ${numbers.join(', ')}`, 'numbers that count up by one, and never 0');
      if (inner.some((step) => step !== 1))
        throw anotherHost(`it sent ${OPENINGS} HELLO and got ${numbers.join(', ')}`);
      return `the numbers are ${numbers.join(', ')}`;
    },
  },
  {
    name: 'the number of a session goes from 65535 to 1',
    rules: ['R-35'],
    did: `It sent HELLOs until 65535 was used, and ${AFTER_THE_END} more.`,
    expected: 'numbers that count up by one, 1 after 65535, and never 0',
    needs: { exhaustive: true },
    async run(probe) {
      let { number } = await probe.open();
      for (let left = LAST_NUMBER + AFTER_THE_END; left > 0; left--) {
        if (number === LAST_NUMBER) left = AFTER_THE_END;
        const session = await probe.open();
        const came = `session ${session.number} came after ${number}`;
        must(session.number === next(number), came, `session ${next(number)} after ${number}`);
        number = session.number;
      }
      return `1 came after 65535, and the last session was ${number}`;
    },
  },
];

/** What opens a session and what ends it. docs/protocol.md section 4. */
export const SESSION_CASES: readonly DeviceCase[] = [
  {
    name: 'a HELLO ends the session before it',
    rules: ['R-36', 'R-23'],
    did: 'It opened a session, showed a payment link, opened another session, and sent STATUS and the same PAY in the first.',
    expected: 'reason 4 in the first session, and SUCCESS in the second',
    async run(probe) {
      const first = await probe.open();
      const pay = first.pay();
      await first.accepted(pay, { state: 'ready' });
      const second = await probe.open();
      await first.refused(pay, Reason.NO_SUCH_SESSION, 'ready');
      await first.refused(first.status(), Reason.NO_SUCH_SESSION, 'ready');
      await second.accepted(second.status(), { state: 'ready' });
      return 'the first session was refused with reason 4';
    },
  },
  {
    name: 'a HELLO does not change the payment link',
    rules: ['R-37', 'R-33'],
    did: 'It showed a payment link of 30 s, waited 1.2 s, and sent HELLO and STATUS, twice.',
    expected: 'state ready in each reply, and STATUS with the same payment link and the rest of its time',
    async run(probe) {
      const { paymentMethod, amount, orderId } = SAMPLE;
      const life = await Lifetime.begin(probe, await probe.open(), SAMPLE.expiryTime);
      await life.reach(1200);
      for (let left = 2; left > 0; left--) {
        const session = await probe.open();
        must(session.hello.state === 'ready', `HELLO was answered with state ${session.hello.state}`, 'state ready');
        await session.accepted(session.status(), { state: 'ready', paymentMethod, amount, orderId });
        await life.expectRemaining(session);
      }
      return 'the payment link stayed as it was';
    },
  },
  {
    name: 'the identity and the boot id stay the same',
    rules: ['R-41', 'R-33'],
    did: 'It sent HELLO five times with different nonces.',
    expected: 'each reply has the nonce of its HELLO, and all have the same identity and boot id',
    async run(probe) {
      const first = (await probe.open()).hello;
      for (let left = 4; left > 0; left--) {
        const { hello } = await probe.open();
        const same = (['model', 'firmware', 'serialNumber', 'bootId'] as const).every(
          (name) => hello[name] === first[name],
        );
        must(same, `another identity came: ${JSON.stringify(hello)}`, 'the same identity and boot id each time');
      }
      return 'all replies agree';
    },
  },
  {
    name: 'sequence 0 is refused in a new session',
    rules: ['R-24', 'R-38'],
    did: 'It sent STATUS with sequence 0 as the first request, with any CRC and with CRCs of 0, FFFFFFFF and of the HELLO.',
    expected: 'reason 10 each time',
    async run(probe) {
      const first = await probe.open();
      await first.refused(first.status({ sequence: 0 }), Reason.SEQUENCE_REUSED);
      for (const target of [0, 0xffffffff, 1, 0xffff, undefined]) {
        const nonce = probe.nonce();
        const hello = probe.helloRequest(nonce);
        const line = await probe.line();
        const session = probe.opened(line, hello, await probe.exchange(line, hello), nonce);
        // A device could store the CRC of the HELLO itself.
        const crc = target ?? crc32c(joined(Uint8Array.of(1, MessageType.HELLO, 0, 0, 0), noncePayload(nonce)));
        const sent = requestWithCrc({ type: MessageType.STATUS, session: session.number, sequence: 0 }, crc);
        await session.refused(sent, Reason.SEQUENCE_REUSED);
      }
      return 'each was refused with reason 10';
    },
  },
  {
    name: 'the end of a connection ends its session and not the payment link',
    rules: ['R-36', 'R-37', 'R-23'],
    did: 'It showed a payment link, closed the connection, opened it again and sent STATUS in the old session.',
    expected: 'reason 4 with state ready, and HELLO with state ready',
    async run(probe) {
      await probe.needsClosing();
      const session = await probe.open();
      await session.accepted(session.pay(), { state: 'ready' });
      const line = await probe.reopen();
      const status = session.status();
      checkRefused(status, await probe.exchange(line, status), Reason.NO_SUCH_SESSION, 'ready');
      const again = await probe.open(line);
      must(again.hello.state === 'ready', `HELLO was answered with state ${again.hello.state}`, 'state ready');
      return 'the session was over, and the payment link stayed';
    },
  },
];
