import { MessageType, Reason } from '@bluetap/protocol';
import { tagOf } from '@bluetap/protocol/tools';
import type { DeviceCase } from '../probe/device-case.js';
import { fieldsOf, noncePayload, type Sent, u32 } from '../probe/frames.js';
import type { Probe } from '../probe/probe.js';
import { checkRefused, type HeaderParts, type RawSession } from '../probe/raw-session.js';

/** A payload that is cut short, so that no later check may come first. */
const DAMAGED = Uint8Array.of(1, 9, 0x54);

/** Makes a HELLO with a wrong header or payload. */
function hello(session: RawSession, header: HeaderParts, payload: Uint8Array): Sent {
  return session.request(MessageType.HELLO, payload, { session: 0, sequence: 0, ...header });
}

function nonce(probe: Probe): Uint8Array {
  return noncePayload(probe.nonce());
}

/** The checks of the header, and their order. docs/protocol.md section 3, "Order of checks", rules 2 to 5. */
export const HEADER_CASES: readonly DeviceCase[] = [
  {
    name: 'another version is refused',
    rules: ['R-21', 'R-32'],
    did: 'It sent HELLO, PAY and STATUS of versions 0, 2 and 255.',
    expected: 'reason 9 in a reply of version 1, with session and sequence of the request',
    async run(probe) {
      const session = await probe.open();
      for (const version of [0, 2, 255]) {
        await session.refused(session.status({ version }), Reason.UNKNOWN_VERSION, session.hello.state);
        await session.refused(session.pay({}, { version }), Reason.UNKNOWN_VERSION, session.hello.state);
        const other = hello(session, { version, session: 0x1234, sequence: 9 }, nonce(probe));
        await session.refused(other, Reason.UNKNOWN_VERSION);
      }
      await session.accepted(session.status(), { state: session.hello.state });
      return 'each was refused with reason 9, and nothing was executed';
    },
  },
  {
    name: 'the version is looked at before the type',
    rules: ['R-21', 'R-22'],
    did: 'It sent requests of version 2 with the unknown types 05 and 3F.',
    expected: 'reason 9',
    async run(probe) {
      const session = await probe.open();
      for (const type of [0x05, 0x3f]) {
        await session.refused(session.request(type, DAMAGED, { version: 2 }), Reason.UNKNOWN_VERSION);
      }
      return 'each was refused with reason 9';
    },
  },
  {
    name: 'an unknown type is refused',
    rules: ['R-22', 'R-32'],
    did: 'It sent requests of the types 00, 05, 0F, 10, 21 and 3F.',
    expected: 'reason 8 in a reply of the same type with bit 80',
    async run(probe) {
      const session = await probe.open();
      for (const type of [0x00, 0x05, 0x0f, 0x10, 0x21, 0x3f]) {
        await session.refused(session.request(type, fieldsOf()), Reason.UNKNOWN_TYPE, session.hello.state);
      }
      return 'each was refused with reason 8';
    },
  },
  {
    name: 'the type is looked at before the session',
    rules: ['R-22', 'R-23'],
    did: 'It sent requests of unknown types in another session.',
    expected: 'reason 8',
    async run(probe) {
      const session = await probe.open();
      for (const type of [0x05, 0x3f]) {
        const sent = session.request(type, DAMAGED, { session: session.number ^ 0x0100, sequence: 0 });
        await session.refused(sent, Reason.UNKNOWN_TYPE);
      }
      return 'each was refused with reason 8';
    },
  },
  {
    name: 'another session is refused',
    rules: ['R-23', 'R-32'],
    did: 'It sent STATUS, PAY and CANCEL with session numbers that differ in one bit, by one, and with session 0.',
    expected: 'reason 4 in a reply with the session of the request, and nothing is executed',
    async run(probe) {
      const session = await probe.open();
      const { number } = session;
      const numbers = [number ^ 1, number ^ 0x0100, number ^ 0x8000, (number + 1) & 0xffff, (number - 1) & 0xffff, 0];
      for (const another of numbers) {
        const header = { session: another };
        await session.refused(session.status(header), Reason.NO_SUCH_SESSION);
        await session.refused(session.pay({}, header), Reason.NO_SUCH_SESSION);
        await session.refused(session.cancel(undefined, header), Reason.NO_SUCH_SESSION);
      }
      await session.accepted(session.status(), { state: session.hello.state });
      return 'each was refused with reason 4';
    },
  },
  {
    name: 'the session is looked at before the sequence',
    rules: ['R-23', 'R-24', 'R-25'],
    did: 'It sent requests of another session with sequence 0, with a used sequence and with a damaged payload.',
    expected: 'reason 4',
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.status());
      const header = { session: session.number ^ 0x0100 };
      for (const sequence of [0, 1]) {
        await session.refused(session.status({ ...header, sequence }), Reason.NO_SUCH_SESSION);
      }
      await session.refused(session.request(MessageType.PAY, DAMAGED, header), Reason.NO_SUCH_SESSION);
      return 'each was refused with reason 4';
    },
  },
  {
    name: 'a HELLO with a session is refused',
    rules: ['R-23', 'R-32'],
    did: 'It sent HELLO with the open session, with session 1, with 65535, and with a wrong sequence and payload too.',
    expected: 'reason 4 in a reply of session 0 with the sequence of the request, and the session stays open',
    async run(probe) {
      const session = await probe.open();
      for (const number of [session.number, session.number === 1 ? 2 : 1, 65535]) {
        await session.refused(hello(session, { session: number }, nonce(probe)), Reason.NO_SUCH_SESSION);
        await session.refused(hello(session, { session: number, sequence: 7 }, DAMAGED), Reason.NO_SUCH_SESSION);
      }
      await session.accepted(session.status());
      return 'each was refused with reason 4, and the session stayed open';
    },
  },
  {
    name: 'a HELLO with a sequence is refused',
    rules: ['R-24', 'R-25', 'R-32'],
    did: 'It sent HELLO with sequence 1 and 255, right and with a damaged payload.',
    expected: 'reason 10 in a reply of session 0 with that sequence, and the session stays open',
    async run(probe) {
      const session = await probe.open();
      for (const sequence of [1, 255]) {
        await session.refused(hello(session, { sequence }, nonce(probe)), Reason.SEQUENCE_REUSED);
        await session.refused(hello(session, { sequence }, DAMAGED), Reason.SEQUENCE_REUSED);
      }
      await session.accepted(session.status());
      return 'each was refused with reason 10, and the session stayed open';
    },
  },
  {
    name: 'the sequence is looked at before the payload',
    rules: ['R-24', 'R-25', 'R-26', 'R-27'],
    did: 'It sent requests with a used sequence and with a damaged, critical, empty or wrong payload.',
    expected: 'reason 10',
    async run(probe) {
      const session = await probe.open();
      session.continueAfter(9);
      await session.accepted(session.status());
      const payloads = [DAMAGED, fieldsOf([0x80, 1]), fieldsOf(), fieldsOf([tagOf('payment method'), 'CASH'])];
      for (const payload of payloads) {
        for (const sequence of [0, 4, 10]) {
          await session.refused(session.request(MessageType.PAY, payload, { sequence }), Reason.SEQUENCE_REUSED);
        }
      }
      await session.refused(session.request(MessageType.STATUS, DAMAGED, { sequence: 10 }), Reason.SEQUENCE_REUSED);
      return 'each was refused with reason 10';
    },
  },
  {
    name: 'a refused HELLO changes nothing',
    rules: ['R-37', 'R-36', 'R-25', 'R-26', 'R-27'],
    did: 'It showed a payment link, and sent HELLO without nonce, with a nonce of 3 and 5 bytes, cut short and with tag 80.',
    expected: 'reasons 1, 3, 3, 3 and 7 with session 0, and the session and the payment link stay',
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay(), { state: 'ready' });
      const short = fieldsOf([tagOf('nonce'), [1, 2, 3]]);
      const long = fieldsOf([tagOf('nonce'), [1, 2, 3, 4, 5]]);
      const rows = [
        [fieldsOf(), Reason.MISSING_FIELD],
        [short, Reason.BAD_VALUE],
        [long, Reason.BAD_VALUE],
        [DAMAGED, Reason.BAD_VALUE],
        [fieldsOf([tagOf('nonce'), u32(1)], [0x80, 1]), Reason.UNKNOWN_CRITICAL_TAG],
      ] as const;
      for (const [payload, reason] of rows) {
        const sent = hello(session, {}, payload);
        checkRefused(sent, await session.ask(sent), reason, 'ready');
      }
      await session.accepted(session.status(), { state: 'ready', orderId: 'ORDER-1' });
      await session.accepted(session.cancel(), { state: 'cancelled' });
      return 'each was refused, and the session stayed open';
    },
  },
];
