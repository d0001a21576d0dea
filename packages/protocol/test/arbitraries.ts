import fc from 'fast-check';
import { type Message, PaymentMethod } from '../src/index.js';
import { PAYMENT_LINK_STATES, TAP_SOURCES } from '../src/tools/index.js';
import { KNOWN_TAGS, type Tlv } from './reference.js';

export const byte = fc.integer({ min: 0, max: 0xff });
export const uint16 = fc.integer({ min: 0, max: 0xffff });
/** Numbers that often contain zero bytes, because COBS replaces zero bytes. */
export const uint32 = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(0, 1, 0xff, 0x100, 0x10000, 0x1000000, 0x7fffffff, 0x80000000, 0xffffffff),
);
const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });
const printable = (lowest: number, max: number) =>
  fc.string({
    unit: fc.integer({ min: lowest, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength: max,
  });

export const paymentMethod = fc.constantFrom(...Object.values(PaymentMethod));
export const amount = fc.oneof(
  digits(1, 8),
  fc
    .integer({ min: 1, max: 6 })
    .chain((whole) =>
      fc.tuple(digits(whole, whole), digits(1, 7 - whole)).map(([units, cents]) => `${units}.${cents}`),
    ),
);
export const orderId = printable(0x21, 16);
export const expiryTime = fc.oneof(fc.integer({ min: 1, max: 0x7fffffff }), fc.constantFrom(1, 900, 256, 0x7fffffff));
const state = fc.constantFrom(...PAYMENT_LINK_STATES);
const restingState = state.filter((name) => name !== 'ready');

/** A record. The fields of `optional` can be absent. */
function fields<R extends object, O extends object>(
  required: { [K in keyof R]: fc.Arbitrary<R[K]> },
  optional: { [K in keyof O]: fc.Arbitrary<O[K]> },
): fc.Arbitrary<R & Partial<O>> {
  const model = { ...required, ...optional } as { [K in keyof (R & O)]: fc.Arbitrary<(R & O)[K]> };
  return fc.record(model, {
    requiredKeys: Object.keys(required) as never,
    noNullPrototype: true,
  }) as unknown as fc.Arbitrary<R & Partial<O>>;
}

const bodies = {
  HELLO: fields({ nonce: uint32 }, {}),
  PAY: fields({ paymentMethod }, { amount, orderId, expiryTime }),
  CANCEL: fields({}, { orderId }),
  STATUS: fc.constant({}),
  LINK: fields({ state }, { taps: byte, orderId }),
  HELLO_REPLY: fields(
    {
      result: fc.constant('SUCCESS' as const),
      state,
      nonce: uint32,
      model: printable(0x20, 16),
      firmware: printable(0x20, 16),
      serialNumber: printable(0x20, 32),
      bootId: uint32,
    },
    {
      taps: byte,
      simulated: fc.constant(true as const),
      lastCommand: fc.record({ session: uint16, sequence: byte }, { noNullPrototype: true }),
      tapSource: fc.constantFrom(...TAP_SOURCES),
    },
  ),
  PAY_REPLY: fields(
    { result: fc.constant('SUCCESS' as const), state, remaining: uint32 },
    { previous: fc.record({ state, taps: byte }, { noNullPrototype: true }) },
  ),
  CANCEL_REPLY: fields({ result: fc.constant('SUCCESS' as const), state }, { taps: byte }),
  STATUS_REPLY: fc.oneof(
    fields({ result: fc.constant('SUCCESS' as const), state: restingState }, { taps: byte }),
    fields(
      {
        result: fc.constant('SUCCESS' as const),
        state: fc.constant('ready' as const),
        remaining: uint32,
        paymentMethod,
      },
      { taps: byte, amount, orderId },
    ),
  ),
} satisfies Record<Message['type'], fc.Arbitrary<object>>;

const refusal = fc.record(
  {
    result: fc.constantFrom('PARAM_ILLEGAL' as const, 'PROCESS_FAIL' as const, 'UNKNOWN_EXCEPTION' as const),
    reason: fc.oneof(byte, fc.integer({ min: 1, max: 11 })),
    state,
  },
  { noNullPrototype: true },
);

/** Any message of one type. For a reply type this includes refusals. */
export function messageOf<T extends Message['type']>(type: T): fc.Arbitrary<Extract<Message, { type: T }>> {
  const whole: fc.Arbitrary<object> = bodies[type];
  const body = type.endsWith('_REPLY') ? fc.oneof(whole, refusal) : whole;
  return fc
    .tuple(uint16, byte, body)
    .map(([session, sequence, rest]) => ({ type, session, sequence, ...rest }) as Extract<Message, { type: T }>);
}

export const MESSAGE_TYPES = Object.keys(bodies) as Message['type'][];
export const message: fc.Arbitrary<Message> = fc.oneof(...MESSAGE_TYPES.map((type) => messageOf(type)));

const textBytes = fc
  .oneof(paymentMethod, amount, orderId, fc.string({ maxLength: 18 }))
  .map((text) => [...text].map((char) => char.charCodeAt(0) & 0xff));
const value = fc.oneof(
  textBytes,
  byte.map((number) => [number]),
  fc.constantFrom([0], [1], [2]),
  fc.array(byte, { minLength: 3, maxLength: 5 }),
  fc.array(byte, { maxLength: 20 }),
);

/**
 * A request, reply or event with TLVs that can be valid or invalid. The tags belong to its type and are mostly in
 * order.
 */
export const tlvFrame = fc.constantFrom(...KNOWN_TAGS.keys()).chain((type) => {
  const known = KNOWN_TAGS.get(type)!;
  const tag = known.length > 0 ? fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...known) }, byte) : byte;
  const list = fc.array(fc.record({ tag, value }), { maxLength: 6 });
  const ordered = list.map((all): Tlv[] => {
    const byTag = new Map(all.map((tlv) => [tlv.tag, tlv]));
    return [...byTag.values()].sort((a, b) => a.tag - b.tag);
  });
  return fc.record({
    type: fc.constant(type),
    session: uint16,
    sequence: byte,
    tlvs: fc.oneof({ weight: 9, arbitrary: ordered }, list),
  });
});

/** Bytes from a broken line or a hostile peer, with many zeros and some runs. */
export const noise = fc
  .array(fc.oneof(byte, fc.constant(0), fc.constantFrom(1, 2, 3, 0xff)), { maxLength: 300 })
  .map((bytes) => Uint8Array.from(bytes));

/** Cuts bytes into chunks at the positions in `cuts`. */
export function chunked(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((start, index) => bytes.subarray(start, places[index] ?? bytes.length));
}
export const cuts = fc.array(fc.nat({ max: 4000 }), { maxLength: 40 });
