import { MessageType, PaymentMethod, Reason } from '@bluetap/protocol';
import { tagOf } from '@bluetap/protocol/tools';
import type { DeviceCase } from '../device-case.js';
import { fieldsOf, type RawField, u32 } from '../frames.js';
import { SAMPLE } from '../raw-session.js';

const METHOD: RawField = [tagOf('payment method'), SAMPLE.paymentMethod];
const EXPIRY: RawField = [tagOf('expiry time'), u32(30)];

/** A case of PAYs with one wrong field each. */
function refusing(
  name: string,
  rules: DeviceCase['rules'],
  reason: number,
  did: string,
  wrong: readonly RawField[],
): DeviceCase {
  return {
    name,
    rules,
    did,
    expected: `reason ${reason}, and nothing is shown`,
    async run(probe) {
      const session = await probe.open();
      const { state } = session.hello;
      for (const field of wrong) {
        const isMethod = field[0] === tagOf('payment method');
        const isExpiry = field[0] === tagOf('expiry time');
        const payload = fieldsOf(...(isMethod ? [] : [METHOD]), field, ...(isExpiry ? [] : [EXPIRY]));
        await session.refused(session.request(MessageType.PAY, payload), reason, state);
      }
      await session.accepted(session.status(), { state });
      return `each was refused with reason ${reason}`;
    },
  };
}

/** The limits of the fields. docs/protocol.md section 6. */
export const FIELD_CASES: readonly DeviceCase[] = [
  {
    name: 'each payment method is accepted',
    rules: ['R-28', 'R-42', 'R-33'],
    did: 'It sent a PAY with each of the four payment methods, and a STATUS after each.',
    expected: 'each is shown, and STATUS has its payment method',
    async run(probe) {
      const session = await probe.open();
      for (const paymentMethod of Object.values(PaymentMethod)) {
        await session.accepted(session.pay({ paymentMethod }), { state: 'ready', remaining: 30 });
        await session.accepted(session.status(), { state: 'ready', paymentMethod });
      }
      return 'each was shown';
    },
  },
  refusing(
    'a payment method that is not in the list is refused',
    ['R-28'],
    Reason.UNKNOWN_PAYMENT_METHOD,
    'It sent PAYs with payment methods in lower case, with a space, cut short, too long, empty, and with a zero byte.',
    [
      'truemoney',
      'TRUEMONEY ',
      'TRUEMONE',
      'TRUEMONEYX',
      'ALIPAY',
      'ALIPAY_PLUSS',
      'ALIPAY_PLUS_X',
      '',
      'TRUEMONEY\0',
    ].map((method) => [tagOf('payment method'), method]),
  ),
  {
    name: 'the shortest and longest amounts are accepted, and stay as they are',
    rules: ['R-29', 'R-33', 'R-42'],
    did: 'It sent PAYs with amounts of 1 to 8 characters, with zeros in front and at the end, and a STATUS after each.',
    expected: 'each is shown, and STATUS has the same characters',
    async run(probe) {
      const session = await probe.open();
      for (const amount of ['0', '0.50', '007', '1.0', '99999.99', '12345678', '1.234567']) {
        await session.accepted(session.pay({ amount }), { state: 'ready' });
        await session.accepted(session.status(), { amount });
      }
      return 'each was shown without a change';
    },
  },
  refusing(
    'a wrong amount is refused',
    ['R-29'],
    Reason.BAD_VALUE,
    'It sent PAYs with amounts that are empty, of 9 characters, with a sign, a comma, an exponent, a space, or a point without digits.',
    [
      '',
      '123456789',
      '99999.999',
      '.5',
      '5.',
      '.',
      '1.2.3',
      '1..2',
      '-1',
      '+1',
      '1e3',
      '1,0',
      ' 1',
      '1 ',
      '1/0',
      '1:0',
      '1\0',
    ].map((amount) => [tagOf('amount'), amount]),
  ),
  {
    name: 'the shortest and longest order ids are accepted',
    rules: ['R-29', 'R-33', 'R-42'],
    did: 'It sent PAYs with order ids of 1 and 16 characters with the characters 21 and 7E, and a STATUS after each.',
    expected: 'each is shown, and STATUS has the same order id',
    async run(probe) {
      const session = await probe.open();
      for (const orderId of ['!', '~', '~!"#$%&\'()*+,-./', 'ABCDEFGHIJKLMNOP']) {
        await session.accepted(session.pay({ orderId }), { state: 'ready' });
        await session.accepted(session.status(), { orderId });
      }
      return 'each was shown';
    },
  },
  refusing(
    'a wrong order id is refused',
    ['R-29'],
    Reason.BAD_VALUE,
    'It sent PAYs with order ids that are empty, of 17 characters, with a space, and with the bytes 00, 1F, 7F, 80 and FF.',
    ['', 'ABCDEFGHIJKLMNOPQ', 'A B', ' A', 'A ', 'A\0', '\u001f', '\u007f', '\u0080', 'A\u00ff'].map((orderId) => [
      tagOf('order id'),
      orderId,
    ]),
  ),
  refusing(
    'a wrong expiry time is refused',
    ['R-29'],
    Reason.BAD_VALUE,
    'It sent PAYs with the expiry times 0, 2147483648 and 4294967295.',
    [0, 0x80000000, 0xffffffff].map((seconds) => [tagOf('expiry time'), u32(seconds)]),
  ),
  {
    name: 'the longest PAY is accepted',
    rules: ['R-3', 'R-29', 'R-42'],
    did: 'It sent a PAY of 59 bytes, with the longest payment method, amount and order id.',
    expected: 'it is shown, and STATUS has all of its fields',
    async run(probe) {
      const session = await probe.open();
      const pay = { paymentMethod: 'ALIPAY_PLUS', amount: '99999.99', orderId: 'ABCDEFGHIJKLMNOP' } as const;
      await session.accepted(session.pay(pay), { state: 'ready', remaining: 30 });
      await session.accepted(session.status(), { state: 'ready', ...pay });
      return 'it was shown with all of its fields';
    },
  },
];
