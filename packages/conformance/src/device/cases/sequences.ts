import { MessageType, Reason } from '@bluetap/protocol';
import type { DeviceCase } from '../device-case.js';
import { fieldsOf } from '../frames.js';
import { awaitExpiry } from '../links.js';
import { must } from '../outcomes.js';

/** Sequences. docs/protocol.md section 4. */
export const SEQUENCE_CASES: readonly DeviceCase[] = [
  {
    name: 'a higher sequence is accepted, and a lower or equal one is refused',
    rules: ['R-24', 'R-39'],
    did: 'It sent STATUS with the sequences 1, 200, 199, 2, 0 and 201, and a PAY with 200.',
    expected: 'SUCCESS for 1, 200 and 201, and reason 10 for the others',
    async run(probe) {
      const session = await probe.open();
      const { state } = session.hello;
      await session.accepted(session.status({ sequence: 1 }));
      await session.accepted(session.status({ sequence: 200 }));
      for (const sequence of [199, 2, 0]) {
        await session.refused(session.status({ sequence }), Reason.SEQUENCE_REUSED, state);
        await session.refused(session.pay({}, { sequence }), Reason.SEQUENCE_REUSED, state);
      }
      await session.refused(session.pay({}, { sequence: 200 }), Reason.SEQUENCE_REUSED, state);
      await session.accepted(session.status({ sequence: 201 }), { state });
      return 'the lower and equal ones were refused with reason 10';
    },
  },
  {
    name: 'after sequence 255 a session takes no other request',
    rules: ['R-24', 'R-38'],
    did: 'It sent STATUS with sequence 255, the same again, and STATUS with 0, 1, 254 and another request with 255.',
    expected: 'SUCCESS for the first two, and reason 10 for the others',
    async run(probe) {
      const session = await probe.open();
      const last = session.status({ sequence: 255 });
      await session.accepted(last);
      await session.accepted(last);
      for (const sequence of [0, 1, 254]) await session.refused(session.status({ sequence }), Reason.SEQUENCE_REUSED);
      await session.refused(session.cancel(undefined, { sequence: 255 }), Reason.SEQUENCE_REUSED);
      return 'nothing but the repeat was accepted after 255';
    },
  },
  {
    name: 'reason 10 does not change the latest request',
    rules: ['R-24', 'R-38', 'R-39'],
    did: 'It sent a PAY, another request with the same sequence, a lower sequence, and the PAY again.',
    expected: 'reason 10 for the others, and SUCCESS for the PAY again',
    async run(probe) {
      const session = await probe.open();
      session.continueAfter(4);
      const pay = session.pay();
      await session.accepted(pay, { state: 'ready' });
      await session.refused(session.pay({ amount: '13.00' }, { sequence: 5 }), Reason.SEQUENCE_REUSED, 'ready');
      await session.refused(session.cancel(undefined, { sequence: 3 }), Reason.SEQUENCE_REUSED, 'ready');
      await session.accepted(pay, { state: 'ready' });
      await session.accepted(session.status(), { state: 'ready', amount: '12.50' });
      return 'the repeat of the PAY was still accepted';
    },
  },
  {
    name: 'a request with a wrong header does not use its sequence',
    rules: ['R-39', 'R-21', 'R-22', 'R-23'],
    did: 'It sent requests with sequence 250 of version 2, of an unknown type, of another session and of type 81, and STATUS 1.',
    expected: 'the STATUS is accepted',
    async run(probe) {
      const session = await probe.open();
      const header = { sequence: 250 };
      await session.refused(session.status({ ...header, version: 2 }), Reason.UNKNOWN_VERSION);
      await session.refused(session.request(0x05, fieldsOf(), header), Reason.UNKNOWN_TYPE);
      const another = session.status({ ...header, session: session.number ^ 0x0100 });
      await session.refused(another, Reason.NO_SUCH_SESSION);
      await session.line.send(session.request(MessageType.HELLO_REPLY, fieldsOf(), header).wire);
      await session.accepted(session.status({ sequence: 1 }));
      return 'the STATUS was accepted';
    },
  },
  {
    name: 'a request with a right header uses its sequence, also if it is refused',
    rules: ['R-39', 'R-25', 'R-26', 'R-27', 'R-28', 'R-29'],
    did: 'It sent PAYs that are refused with reasons 3, 7, 1, 2 and 3, and behind each a STATUS with the same sequence.',
    expected: 'reason 10 for each STATUS',
    async run(probe) {
      const session = await probe.open();
      const payloads = [
        [Uint8Array.of(1), Reason.BAD_VALUE],
        [fieldsOf([0x80, 1]), Reason.UNKNOWN_CRITICAL_TAG],
        [fieldsOf(), Reason.MISSING_FIELD],
        [fieldsOf([1, 'CASH']), Reason.UNKNOWN_PAYMENT_METHOD],
        [fieldsOf([1, 'TRUEMONEY'], [2, 'x']), Reason.BAD_VALUE],
      ] as const;
      for (const [payload, reason] of payloads) {
        const sent = session.request(MessageType.PAY, payload);
        await session.refused(sent, reason);
        await session.refused(session.status({ sequence: sent.sequence }), Reason.SEQUENCE_REUSED);
      }
      await session.accepted(session.status());
      return 'each STATUS was refused with reason 10';
    },
  },
  {
    name: 'each sequence from 1 to 255 is accepted once',
    rules: ['R-24', 'R-39'],
    did: 'It sent STATUS with the sequences 1 to 255 in their order.',
    expected: 'SUCCESS for each',
    needs: { exhaustive: true },
    async run(probe) {
      const session = await probe.open();
      for (let sequence = 1; sequence <= 255; sequence++) await session.accepted(session.status({ sequence }));
      return 'each was accepted';
    },
  },
];

/** Repeats. docs/protocol.md section 4. */
export const REPEAT_CASES: readonly DeviceCase[] = [
  {
    name: 'a repeated PAY is not executed again',
    rules: ['R-38'],
    did: 'It sent a PAY of 30 s, waited 1.2 s and sent the same bytes.',
    expected: 'SUCCESS again, and a remaining that has fallen',
    async run(probe) {
      const session = await probe.open();
      const pay = session.pay();
      await session.accepted(pay, { state: 'ready', remaining: 30 });
      await probe.wait(1200);
      const again = await session.accepted(pay, { state: 'ready' });
      const remaining = 'remaining' in again ? again.remaining : undefined;
      must(
        (remaining ?? 30) < 30,
        `the repeat has remaining ${remaining}`,
        'a remaining below 30, 1.2 s after the PAY',
      );
      return `the repeat has remaining ${remaining}`;
    },
  },
  {
    name: 'a repeat of a PAY whose payment link is over tells so',
    rules: ['R-38', 'R-33', 'R-48'],
    did: 'It sent a PAY of 1 s, let it expire, and sent the same bytes and a STATUS.',
    expected: 'SUCCESS, state expired, remaining 0, and the payment link stays over',
    async run(probe) {
      const session = await probe.open();
      const pay = session.pay({ expiryTime: 1 });
      await session.accepted(pay, { state: 'ready', remaining: 1 });
      await awaitExpiry(session);
      await session.accepted(pay, { state: 'expired', remaining: 0 });
      await session.accepted(session.status(), { state: 'expired' });
      return 'the repeat was accepted with state expired and remaining 0';
    },
  },
  {
    name: 'a refused request is not judged again',
    rules: ['R-38', 'R-30'],
    did: 'It showed a payment link of 1 s, sent a CANCEL of another order, let the payment link expire, and sent the same bytes.',
    expected: 'reason 5 with state ready, and reason 5 with state expired',
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay({ expiryTime: 1 }), { state: 'ready' });
      const cancel = session.cancel('ORDER-2');
      await session.refused(cancel, Reason.ORDER_MISMATCH, 'ready');
      await awaitExpiry(session);
      await session.refused(cancel, Reason.ORDER_MISMATCH, 'expired');
      return 'the repeat was refused with reason 5 and state expired';
    },
  },
  {
    name: 'each kind of request can be repeated',
    rules: ['R-38', 'R-39', 'R-40'],
    did: 'It sent STATUS, PAY, CANCEL and wrong PAYs three times each, byte for byte the same.',
    expected: 'the same result and reason each time',
    async run(probe) {
      const session = await probe.open();
      const thrice = async (send: () => Promise<unknown>) => {
        for (let left = 3; left > 0; left--) await send();
      };
      const status = session.status();
      await thrice(() => session.accepted(status));
      const pay = session.pay();
      await thrice(() => session.accepted(pay, { state: 'ready' }));
      const wrong = session.pay({ amount: 'x' });
      await thrice(() => session.refused(wrong, Reason.BAD_VALUE, 'ready'));
      const damaged = session.request(MessageType.PAY, Uint8Array.of(1, 2));
      await thrice(() => session.refused(damaged, Reason.BAD_VALUE, 'ready'));
      const cancel = session.cancel();
      await thrice(() => session.accepted(cancel, { state: 'cancelled' }));
      const { lastCommand } = (await probe.open()).hello;
      const right = lastCommand?.session === session.number && lastCommand.sequence === cancel.sequence;
      must(
        right,
        `the last command is ${JSON.stringify(lastCommand)}`,
        `session ${session.number}, sequence ${cancel.sequence}`,
      );
      return 'the same result and reason came each time';
    },
  },
  {
    name: 'only the latest request is a repeat',
    rules: ['R-24', 'R-38'],
    did: 'It sent PAY, STATUS and the same PAY again.',
    expected: 'reason 10 for the PAY, and the payment link stays as it is',
    async run(probe) {
      const session = await probe.open();
      const pay = session.pay();
      await session.accepted(pay, { state: 'ready' });
      await session.accepted(session.cancel(), { state: 'cancelled' });
      await session.refused(pay, Reason.SEQUENCE_REUSED, 'cancelled');
      await session.accepted(session.status(), { state: 'cancelled' });
      return 'the PAY was refused with reason 10';
    },
  },
];
