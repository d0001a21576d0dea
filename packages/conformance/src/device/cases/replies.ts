import { MessageType, Reason } from '@bluetap/protocol';
import { FIELDS, tagOf } from '@bluetap/protocol/tools';
import type { DeviceCase } from '../probe/device-case.js';
import { fieldsOf, fieldValue, hex, tagsOf } from '../probe/frames.js';
import { must, NotShown } from '../probe/outcomes.js';

/** The fields of replies. docs/protocol.md section 3. */
export const REPLY_CASES: readonly DeviceCase[] = [
  {
    name: 'the reply to a HELLO has its fields',
    rules: ['R-33', 'R-32'],
    did: 'It sent HELLO with the nonces 0, 1 and FFFFFFFF.',
    expected: 'SUCCESS, sequence 0, the nonce of the HELLO, state, model, firmware, serial number and boot id',
    async run(probe) {
      const line = await probe.line();
      for (const nonce of [0, 1, 0xffffffff]) {
        const hello = probe.helloRequest(nonce);
        const session = probe.opened(line, hello, await probe.exchange(line, hello), nonce);
        const { session: number, sequence } = session.helloFrame;
        must(
          number > 0 && sequence === 0,
          `session ${number}, sequence ${sequence}`,
          'a session that is not 0, and sequence 0',
        );
      }
      return 'each reply had its fields';
    },
  },
  {
    name: 'replies have exactly their fields',
    rules: ['R-33', 'R-32'],
    did: 'It sent PAY, STATUS, CANCEL and STATUS.',
    expected: 'each reply has the fields of its type, in ascending order, and no field of another type',
    async run(probe) {
      const session = await probe.open();
      const [result, state, remaining, taps] = (['result', 'state', 'remaining', 'taps'] as const).map(tagOf) as [
        number,
        number,
        number,
        number,
      ];
      const described = (['payment method', 'amount', 'order id'] as const).map(tagOf);
      const rows = [
        [session.pay(), [result, state, remaining, tagOf('previous')]],
        [session.status(), [...described, result, state, remaining, taps]],
        [session.cancel(), [result, state, taps]],
        [session.status(), [result, state, taps]],
      ] as const;
      for (const [sent, known] of rows) {
        const reply = await session.ask(sent);
        const tags = tagsOf(reply.frame.payload);
        must(
          reply.decoded.ok,
          `${sent.what} was answered with the tags ${hex(tags)}, which cannot be read`,
          'a reply that can be read',
        );
        const more = tags.filter((tag) => !known.includes(tag) && FIELDS.some((field) => field.tag === tag));
        must(
          more.length === 0,
          `${sent.what} was answered with the tags ${hex(tags)}`,
          `the tags ${hex(known)} and no others`,
        );
      }
      return 'each reply had exactly its fields';
    },
  },
  {
    name: 'a refusal has exactly result, reason and state',
    rules: ['R-33', 'R-32'],
    did: 'It showed a payment link and sent requests that are refused with reasons 1, 2, 3, 4, 5, 7, 8, 9 and 10.',
    expected: 'the result that belongs to the reason, and state ready',
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay(), { state: 'ready' });
      const method = tagOf('payment method');
      const pay = (payload: Uint8Array) => session.request(MessageType.PAY, payload);
      const rows = [
        [pay(fieldsOf()), Reason.MISSING_FIELD],
        [pay(fieldsOf([method, 'CASH'])), Reason.UNKNOWN_PAYMENT_METHOD],
        [session.pay({ amount: 'x' }), Reason.BAD_VALUE],
        [session.status({ session: session.number ^ 0x0200 }), Reason.NO_SUCH_SESSION],
        [session.cancel('ORDER-2'), Reason.ORDER_MISMATCH],
        [pay(fieldsOf([0x80, 1])), Reason.UNKNOWN_CRITICAL_TAG],
        [session.request(0x05, fieldsOf()), Reason.UNKNOWN_TYPE],
        [session.status({ version: 2 }), Reason.UNKNOWN_VERSION],
        [session.status({ sequence: 0 }), Reason.SEQUENCE_REUSED],
      ] as const;
      for (const [sent, reason] of rows) await session.refused(sent, reason, 'ready');
      return 'each refusal had exactly its three fields';
    },
  },
  {
    name: 'the flags have no bit that this version does not know',
    rules: ['R-57'],
    did: 'It looked at the flags in the reply to HELLO.',
    expected: 'bits 1 to 7 are 0',
    async run(probe) {
      const { helloFrame } = await probe.open();
      const flags = fieldValue(helloFrame.payload, tagOf('flags'))?.[0] ?? 0;
      must(flags < 2, `the flags are ${hex([flags])}`, 'bits 1 to 7 of the flags are 0');
      return `the flags are ${hex([flags])}`;
    },
  },
  {
    name: 'the tap source is the declared one',
    rules: ['R-57'],
    did: 'It compared the tap source in the reply to HELLO with the declaration.',
    expected: 'the tap source of the declaration',
    async run(probe) {
      const { tapSource } = (await probe.open()).hello;
      const { taps } = probe.setting.declaration;
      if (tapSource === undefined) throw new NotShown('the device does not tell its tap source');
      if (taps === undefined)
        throw new NotShown(`the tap source is ${tapSource}, and the declaration does not say "taps"`);
      must(taps === tapSource, `the tap source is ${tapSource}`, `${taps}, as declared`);
      return `both are ${tapSource}`;
    },
  },
  {
    name: 'the serial number is that of the USB descriptor',
    rules: ['R-58'],
    did: 'It compared the serial number that the transport knows with tag 23.',
    expected: 'the same serial number',
    async run(probe) {
      const session = await probe.open();
      const { serialNumber } = session.line.device;
      if (serialNumber === undefined) throw new NotShown('the transport knows no serial number before a session');
      const told = Array.from(fieldValue(session.helloFrame.payload, tagOf('serial number')) ?? [], (code) =>
        String.fromCharCode(code),
      ).join('');
      must(
        told === serialNumber,
        `tag 23 is ${told}, and the transport says ${serialNumber}`,
        'the same serial number',
      );
      return `both are ${told}`;
    },
  },
];
