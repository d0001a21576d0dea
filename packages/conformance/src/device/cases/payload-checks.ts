import { MessageType, Reason } from '@bluetap/protocol';
import { tagOf } from '@bluetap/protocol/tools';
import type { DeviceCase } from '../probe/device-case.js';
import { fieldsOf, joined, payPayload, type RawField, u32 } from '../probe/frames.js';
import { type RawSession, SAMPLE } from '../probe/raw-session.js';

const METHOD: RawField = [tagOf('payment method'), SAMPLE.paymentMethod];
const AMOUNT: RawField = [tagOf('amount'), SAMPLE.amount];
const ORDER: RawField = [tagOf('order id'), SAMPLE.orderId];
const EXPIRY: RawField = [tagOf('expiry time'), u32(30)];
const UNKNOWN_METHOD: RawField = [tagOf('payment method'), 'CASH'];
const WRONG_AMOUNT: RawField = [tagOf('amount'), '1,00'];
const CRITICAL: RawField = [0x80, 1];
/** A field that claims more bytes than there are. */
const CUT = Uint8Array.of(0x90, 5, 1);

/** One wrong payload of a PAY, and the reason that must come. */
type Row = readonly [payload: Uint8Array, reason: number];

async function refusePays(session: RawSession, rows: readonly Row[]): Promise<void> {
  const { state } = session.hello;
  for (const [payload, reason] of rows) await session.refused(session.request(MessageType.PAY, payload), reason, state);
  await session.accepted(session.status(), { state });
}

/** A case of PAYs that all are refused with one reason. */
function refusing(
  name: string,
  rules: DeviceCase['rules'],
  reason: number,
  did: string,
  payloads: readonly Uint8Array[],
): DeviceCase {
  return {
    name,
    rules,
    did,
    expected: `reason ${reason}, and nothing is shown`,
    async run(probe) {
      const rows = payloads.map((payload): Row => [payload, reason]);
      await refusePays(await probe.open(), rows);
      return `each was refused with reason ${reason}`;
    },
  };
}

/** The checks of the payload, and their order. docs/protocol.md section 3, "Order of checks", rules 6 to 11. */
export const PAYLOAD_CASES: readonly DeviceCase[] = [
  refusing(
    'a damaged payload is refused',
    ['R-25', 'R-6'],
    Reason.BAD_VALUE,
    'It sent PAYs that are cut short, with a tag without length, with tags out of order, with a tag twice, and with an expiry time of 0, 1, 2, 3, 5 and 8 bytes.',
    [
      joined(fieldsOf(METHOD), CUT),
      joined(fieldsOf(METHOD), Uint8Array.of(2)),
      joined(fieldsOf(METHOD), Uint8Array.of(2, 255, 0x31)),
      joined(fieldsOf(METHOD), Uint8Array.of(0x7f, 1)),
      Uint8Array.of(1),
      fieldsOf(AMOUNT, METHOD),
      fieldsOf(METHOD, ORDER, AMOUNT),
      fieldsOf(METHOD, METHOD),
      fieldsOf(METHOD, [0x7f, 1], [0x7f, 1]),
      fieldsOf(METHOD, [0x60, 1], [0x50, 1]),
      ...[0, 1, 2, 3, 5, 8].map((length) =>
        fieldsOf(METHOD, [tagOf('expiry time'), [30, 0, 0, 0, 0, 0, 0, 0].slice(0, length)]),
      ),
    ],
  ),
  refusing(
    'the structure is looked at before critical tags',
    ['R-25', 'R-26'],
    Reason.BAD_VALUE,
    'It sent PAYs with a critical tag, and behind it a field that is cut short, a tag out of order and a tag twice.',
    [
      joined(fieldsOf(METHOD, CRITICAL), CUT),
      fieldsOf(METHOD, CRITICAL, AMOUNT),
      fieldsOf(METHOD, CRITICAL, CRITICAL),
      joined(fieldsOf(CRITICAL), Uint8Array.of(0x81)),
    ],
  ),
  refusing(
    'an unknown critical tag is refused',
    ['R-26', 'R-6'],
    Reason.UNKNOWN_CRITICAL_TAG,
    'It sent PAYs with the tags 80, 81, A0 and FF, with values of 0 to 20 bytes.',
    [
      fieldsOf(METHOD, CRITICAL),
      fieldsOf(METHOD, AMOUNT, ORDER, EXPIRY, [0x81, []]),
      fieldsOf(METHOD, [0xa0, new Uint8Array(20)]),
      fieldsOf(METHOD, [0x7f, 1], [0xff, 'EUR']),
    ],
  ),
  refusing(
    'critical tags are looked at before missing fields',
    ['R-26', 'R-27'],
    Reason.UNKNOWN_CRITICAL_TAG,
    'It sent PAYs with a critical tag and without payment method, with an unknown one, and with a wrong amount.',
    [fieldsOf(CRITICAL), fieldsOf(UNKNOWN_METHOD, CRITICAL), fieldsOf(METHOD, WRONG_AMOUNT, CRITICAL)],
  ),
  refusing(
    'a PAY without payment method is refused',
    ['R-27'],
    Reason.MISSING_FIELD,
    'It sent an empty PAY, one with all other fields, and one with an unknown field.',
    [fieldsOf(), fieldsOf(AMOUNT, ORDER, EXPIRY), fieldsOf([0x7f, 1])],
  ),
  refusing(
    'missing fields are looked at before values',
    ['R-27', 'R-28', 'R-29'],
    Reason.MISSING_FIELD,
    'It sent PAYs without payment method and with a wrong amount, order id and expiry time.',
    [fieldsOf(WRONG_AMOUNT), fieldsOf([tagOf('order id'), '']), fieldsOf([tagOf('expiry time'), u32(0)])],
  ),
  refusing(
    'the payment method is looked at before other values',
    ['R-28', 'R-29'],
    Reason.UNKNOWN_PAYMENT_METHOD,
    'It sent PAYs with an unknown payment method and a wrong amount, order id and expiry time.',
    [
      fieldsOf(UNKNOWN_METHOD, WRONG_AMOUNT),
      fieldsOf(UNKNOWN_METHOD, [tagOf('order id'), 'A B']),
      fieldsOf(UNKNOWN_METHOD, [tagOf('expiry time'), u32(0)]),
    ],
  ),
  {
    name: 'values are looked at before the order of a CANCEL',
    rules: ['R-29', 'R-30'],
    did: 'It showed a payment link and sent CANCELs with an order id of 0 and of 17 characters and with a space.',
    expected: 'reason 3, and the payment link stays',
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay(), { state: 'ready' });
      for (const orderId of ['', 'ORDER-1 ', 'ORDER-1ORDER-1ORD', '\u007f']) {
        const payload = fieldsOf([tagOf('order id'), orderId]);
        await session.refused(session.request(MessageType.CANCEL, payload), Reason.BAD_VALUE, 'ready');
      }
      await session.accepted(session.status(), { state: 'ready' });
      return 'each was refused with reason 3, and the payment link stayed';
    },
  },
  {
    name: 'a damaged or critical CANCEL and STATUS are refused',
    rules: ['R-25', 'R-26'],
    did: 'It showed a payment link and sent CANCEL and STATUS that are cut short, that repeat a tag, and with tag 80.',
    expected: 'reasons 3, 3 and 7, and the payment link stays',
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay(), { state: 'ready' });
      for (const type of [MessageType.CANCEL, MessageType.STATUS]) {
        await session.refused(session.request(type, CUT), Reason.BAD_VALUE, 'ready');
        await session.refused(session.request(type, fieldsOf([0x30, 1], [0x30, 1])), Reason.BAD_VALUE, 'ready');
        await session.refused(session.request(type, fieldsOf(CRITICAL)), Reason.UNKNOWN_CRITICAL_TAG, 'ready');
      }
      await session.accepted(session.status(), { state: 'ready' });
      return 'each was refused, and the payment link stayed';
    },
  },
  {
    name: 'unknown tags below 80 are skipped',
    rules: ['R-6'],
    did: 'It sent PAY, CANCEL, STATUS and HELLO with the tags 00, 05, 10, 20 and 7F, which their type does not know.',
    expected: 'each is accepted as if the tags were not there',
    async run(probe) {
      const session = await probe.open();
      const more: RawField[] = [
        [0x05, []],
        [tagOf('result'), [1, 2]],
        [0x7f, new Uint8Array(20)],
      ];
      const pay = joined(fieldsOf([0x00, 'x']), payPayload(SAMPLE), fieldsOf(...more));
      await session.accepted(session.request(MessageType.PAY, pay), { state: 'ready', remaining: 30 });
      const status = fieldsOf([0x00, []], METHOD, [tagOf('nonce'), 1]);
      await session.accepted(session.request(MessageType.STATUS, status), { orderId: SAMPLE.orderId });
      const cancel = fieldsOf([0x00, 1], [tagOf('amount'), 'x'], ORDER, ...more);
      await session.accepted(session.request(MessageType.CANCEL, cancel), { state: 'cancelled' });
      const nonce = probe.nonce();
      const payload = fieldsOf([0x00, 1], METHOD, [tagOf('nonce'), u32(nonce)], [tagOf('model'), []]);
      const hello = session.request(MessageType.HELLO, payload, { session: 0, sequence: 0 });
      probe.opened(session.line, hello, await session.ask(hello), nonce);
      return 'each was accepted';
    },
  },
];
