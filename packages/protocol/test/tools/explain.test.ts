import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeMessage } from '../../src/index.js';
import { crc32c, decodeWire, encodeFrame, FIELDS, MESSAGES, type WirePart } from '../../src/tools/index.js';
import { byte, message, noise, tlvFrame } from '../arbitraries.js';
import { concat, fromHex, toHex, VECTORS } from '../helpers.js';
import { ascii, type Tlv, TYPES, tlvs, u8, u32, wireReference } from '../reference.js';
import { explain, lineOf, problemsOf } from './explained.js';

const wireOf = (name: string): Uint8Array => fromHex(VECTORS.find((vector) => vector.name === name)!.wire);
const PAY = wireOf('pay 7');

/** A frame with a right CRC, session 1 and sequence 1, without a zero byte in the tags and lengths. */
const framed = (type: number, ...fields: readonly Tlv[]): Uint8Array =>
  encodeFrame({ type, session: 0x0101, sequence: 1, payload: tlvs(...fields) });

const linesOf = (parts: readonly WirePart[], kinds: readonly string[]): string[] =>
  parts.filter(({ part }) => kinds.includes(part)).map(lineOf);

describe('any bytes', () => {
  /** True if every frame in the bytes is a message. If one is none, a problem says why. */
  function checkProblems(wire: Uint8Array): boolean {
    const problems = problemsOf(explain(wire));
    const found = decodeWire(wire);
    const isGood = found.every(({ ok }) => ok);
    expect(problems.length === 0).toBe(isGood);
    for (const each of found) {
      if (each.ok || each.error.layer === 'frame') continue;
      const { reason } = each.error;
      expect(problems.some(([, , problem]) => problem.includes(`(reason ${reason}: `))).toBe(true);
    }
    return isGood;
  }

  test('noise has parts that cover it, and a problem if it is no message', () => {
    fc.assert(fc.property(noise, (bytes) => void checkProblems(bytes)));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void checkProblems(bytes)));
  });

  test('a frame with fields that are valid or invalid', () => {
    const seen = { true: 0, false: 0 };
    fc.assert(
      fc.property(tlvFrame, ({ type, session, sequence, tlvs: fields }) => {
        const payload = tlvs(...fields).subarray(0, 118);
        seen[`${checkProblems(encodeFrame({ type, session, sequence, payload }))}`]++;
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(50);
  });

  test('a frame with a right CRC and any payload, version and type', () => {
    const parts = fc.record({
      version: fc.oneof(fc.constant(1), byte),
      type: fc.oneof(fc.constantFrom(...MESSAGES.map((row) => row.type)), byte),
      session: fc.constant(0x0101),
      sequence: byte,
      payload: fc.uint8Array({ maxLength: 118 }),
    });
    fc.assert(
      fc.property(parts, (frame) => void checkProblems(encodeFrame(frame))),
      { numRuns: 500 },
    );
  });

  test('a message, and then the same message damaged', () => {
    const damage = fc.record({ at: fc.nat(), byte, cut: fc.nat(), insert: fc.boolean() });
    fc.assert(
      fc.property(message, damage, (sent, { at, byte: put, cut, insert }) => {
        const wire = encodeMessage(sent);
        expect(checkProblems(wire)).toBe(true);
        const place = at % wire.length;
        checkProblems(concat(wire.subarray(0, place), Uint8Array.of(put), wire.subarray(place + (insert ? 0 : 1))));
        checkProblems(wire.subarray(cut % wire.length));
        checkProblems(wire.subarray(0, cut % wire.length));
      }),
    );
  });

  test('several frames: each is explained, with the parts that it has alone', () => {
    const good = VECTORS.filter(({ message: found }) => found).map(({ wire }) => fromHex(wire));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...good), { minLength: 2, maxLength: 4 }), (wires) => {
        const together = explain(concat(...wires)).map(({ part, text, value }) => ({ part, text, value }));
        const alone = wires.flatMap((wire) => explain(wire).map(({ part, text, value }) => ({ part, text, value })));
        expect(together).toStrictEqual(alone);
      }),
    );
  });
});

test('the vector of appendix A, whole', () => {
  expect(explain(PAY).map(lineOf)).toStrictEqual([
    '0-1 delimiter: delimiter: the frame starts = ',
    '1-2 cobs: COBS: the first 00 is 4 bytes on = 4',
    '2-3 version: version = 1',
    '3-4 type: type 0x02, from the host = PAY',
    '4-6 session: session = 1',
    '6-7 sequence: sequence = 1',
    '7-8 tag: field 0x01, payment method = 1',
    '8-9 length: length = 9',
    '9-18 value: payment method = TRUEMONEY',
    '18-19 tag: field 0x02, amount = 2',
    '19-20 length: length = 5',
    '20-25 value: amount = 27.01',
    '25-26 tag: field 0x04, expiry time = 4',
    '26-27 length: length = 4',
    '27-31 value: expiry time = 900',
    '31-35 crc: CRC-32C, right = 5ba49a0c',
    '35-36 delimiter: delimiter: the frame ends = ',
  ]);
  const codes = explain(PAY).flatMap((part) => part.codes ?? []);
  expect(codes).toStrictEqual([
    { at: 5, next: 29, text: 'a 00 of the frame; COBS: the next 00 is 24 bytes on' },
    { at: 29, next: 30, text: 'a 00 of the frame; COBS: the next 00 is 1 byte on' },
    { at: 30, next: 35, text: 'a 00 of the frame; COBS: the end is 5 bytes on' },
  ]);
});

test('a part has no property that it does not need', () => {
  const [delimiter, cobs, version] = explain(PAY);
  expect(delimiter).toStrictEqual({ start: 0, end: 1, part: 'delimiter', text: 'delimiter: the frame starts' });
  expect(cobs).toStrictEqual({ start: 1, end: 2, part: 'cobs', value: 4, text: 'COBS: the first 00 is 4 bytes on' });
  expect(version).toStrictEqual({ start: 2, end: 3, part: 'version', value: 1, text: 'version' });
});

describe('delimiters and padding', () => {
  const zeros = (hex: string) => linesOf(explain(fromHex(hex)), ['delimiter', 'padding']);
  const pay = toHex(PAY);
  test.each([
    ['', []],
    ['00', ['0-1 padding: padding: it means nothing = ']],
    ['000000', ['0-3 padding: padding: it means nothing = ']],
    [
      `0000${pay}000000`,
      [
        '0-2 padding: padding: it means nothing = ',
        '2-3 delimiter: delimiter: the frame starts = ',
        '37-38 delimiter: delimiter: the frame ends = ',
        '38-41 padding: padding: it means nothing = ',
      ],
    ],
    [pay.slice(2), ['34-35 delimiter: delimiter: the frame ends = ']],
    [
      `${pay}${pay.slice(2)}`,
      [
        '0-1 delimiter: delimiter: the frame starts = ',
        '35-36 delimiter: delimiter: a frame ends, the next one starts = ',
        '70-71 delimiter: delimiter: the frame ends = ',
      ],
    ],
    [
      `${pay}00${pay}`,
      [
        '0-1 delimiter: delimiter: the frame starts = ',
        '35-36 delimiter: delimiter: the frame ends = ',
        '36-37 padding: padding: it means nothing = ',
        '37-38 delimiter: delimiter: the frame starts = ',
        '72-73 delimiter: delimiter: the frame ends = ',
      ],
    ],
  ])('%j', (hex, expected) => {
    expect(zeros(hex)).toStrictEqual(expected);
  });
});

describe('the schema tells the rules', () => {
  test.each(FIELDS.filter((row) => 'size' in row))('$name of a wrong length', (row) => {
    const type = MESSAGES.find(({ name }) => name === (row.tag === 0x04 ? 'PAY' : 'HELLO_REPLY'))!.type;
    const ofPay = row.name === 'remaining' || row.name === 'previous';
    const wire = framed(ofPay ? TYPES.PAY_REPLY.type : type, { tag: row.tag, value: [1, 2, 3, 4, 5] });
    const [problem] = problemsOf(explain(wire)).filter(([part]) => part === 'length');
    const size = row.size === 1 ? '1 byte' : `${row.size} bytes`;
    expect(problem?.[2]).toMatch(new RegExp(`^${row.name} must be ${size}.* \\(reason 3: a value breaks its rule\\)$`));
    expect(linesOf(explain(wire), ['value'])).toStrictEqual([`9-14 value: ${row.name} = 0102030405`]);
  });

  test('a name from a list, by its number', () => {
    const parts = explain(framed(TYPES.LINK.type, u8(0x12, 9)));
    const rule = 'state must be 1 byte, one of 0 (idle), 1 (ready), 2 (expired), 3 (cancelled)';
    expect(problemsOf(parts)).toStrictEqual([['value', 9, `${rule} (reason 3: a value breaks its rule)`]]);
    expect(linesOf(parts, ['value'])).toStrictEqual(['9-10 value: state = 9']);
  });

  test('a number that is too high', () => {
    const parts = explain(wireOf('expiry above the largest int'));
    expect(linesOf(parts, ['value']).at(-1)).toBe('20-24 value: expiry time = 2147483648');
  });

  test('a label', () => {
    const parts = explain(framed(TYPES.HELLO_REPLY.type, ascii(0x21, 'a\x7fb\\')));
    const rule = 'model must be 1 to 16 characters from 20 (" ") to 7e ("~") (reason 3: a value breaks its rule)';
    expect(problemsOf(parts)).toContainEqual(['value', 9, rule]);
    expect(linesOf(parts, ['value'])).toStrictEqual(['9-13 value: model = a\\x7fb\\']);
  });

  test('a reason in words, and one of a later version', () => {
    const refusal = (reason: number) =>
      linesOf(explain(framed(TYPES.PAY_REPLY.type, u8(0x10, 1), u8(0x11, reason), u8(0x12, 1))), ['value'])[1];
    expect(refusal(5)).toBe('12-13 value: reason: the live payment link belongs to another order = 5');
    expect(refusal(99)).toBe('12-13 value: reason = 99');
  });

  test('flags of a later version, and the last command', () => {
    const flags = linesOf(explain(framed(TYPES.HELLO_REPLY.type, u8(0x25, 0xfe))), ['value']);
    expect(flags).toStrictEqual(['9-10 value: flags, bit 0: simulated = 0']);
    const command = linesOf(explain(wireOf('hello reply, a link lives')), ['value']);
    expect(command.at(-1)).toMatch(/ value: last command = 258\/254$/);
  });
});

describe('the fields that a reply must have depend on its result and its state', () => {
  const { type } = TYPES.STATUS_REPLY;
  test('ready, but without the payment method and the remaining time', () => {
    const parts = explain(framed(type, u8(0x10, 0), u8(0x12, 1), u8(0x14, 2)));
    expect(linesOf(parts, ['missing'])).toStrictEqual([
      '7-7 missing: missing: payment method = ',
      '13-13 missing: missing: remaining = ',
    ]);
    expect(problemsOf(parts)).toStrictEqual([
      [
        'missing',
        7,
        'this STATUS_REPLY must have the field 0x01, payment method (reason 1: a required field is missing)',
      ],
      ['missing', 13, 'this STATUS_REPLY must have the field 0x13, remaining (reason 1: a required field is missing)'],
    ]);
  });

  test('idle, but with a remaining time', () => {
    const parts = explain(framed(type, u8(0x10, 0), u8(0x12, 0), u32(0x13, 0x01020304)));
    const rule = 'this STATUS_REPLY must not have remaining: its result and state decide';
    expect(problemsOf(parts)).toStrictEqual([['tag', 13, `${rule} (reason 3: a value breaks its rule)`]]);
  });

  test('a refusal without its last field', () => {
    const parts = explain(framed(type, u8(0x10, 1), u8(0x11, 1)));
    expect(linesOf(parts, ['missing'])).toStrictEqual(['13-13 missing: missing: state = ']);
  });
});

describe('fields that are not known', () => {
  test('an ordinary one is skipped', () => {
    const parts = explain(wireOf('unknown ordinary tag is skipped'));
    expect(parts.filter(({ start }) => start >= 18 && start < 25)).toStrictEqual([
      { start: 18, end: 19, part: 'tag', value: 0x7f, text: 'field 0x7f, not known in PAY' },
      { start: 19, end: 20, part: 'length', value: 5, text: 'length' },
      { start: 20, end: 25, part: 'unknown', value: '6c61746572', text: 'value, skipped' },
    ]);
    expect(linesOf(explain(wireOf('unknown critical tag')), ['unknown'])).toStrictEqual(['20-21 unknown: value = 78']);
  });

  test('in a whole frame each of them is shown, also out of order', () => {
    const parts = explain(framed(TYPES.STATUS.type, u8(0x50, 1), u8(0x40, 1), u8(0x45, 1)));
    expect(linesOf(parts, ['tag'])).toStrictEqual([
      '7-8 tag: field 0x50, not known in STATUS = 80',
      '10-11 tag: field 0x40, not known in STATUS = 64',
      '13-14 tag: field 0x45, not known in STATUS = 69',
    ]);
    expect(problemsOf(parts).map(([part, start]) => [part, start])).toStrictEqual([
      ['tag', 10],
      ['tag', 13],
    ]);
  });

  test('in a type that is not known, the fields have the names that they have elsewhere', () => {
    const parts = explain(framed(0x2a, ascii(0x02, '1.50'), u8(0x50, 7), u8(0xf0, 7)));
    expect(linesOf(parts, ['tag', 'value', 'unknown'])).toStrictEqual([
      '7-8 tag: field 0x02, amount = 2',
      '9-13 value: amount = 1.50',
      '13-14 tag: field 0x50, not known = 80',
      '15-16 unknown: value, skipped = 07',
      '16-17 tag: critical field 0xf0, not known = 240',
      '18-19 unknown: value = 07',
    ]);
  });
});

describe('damaged and cut frames', () => {
  test('every single flipped bit is found, unless it makes or removes a delimiter', () => {
    const wires = ['pay 7', 'cancel'].map(wireOf);
    for (const wire of wires) {
      for (let at = 1; at < wire.length - 1; at++) {
        for (let bit = 0; bit < 8; bit++) {
          const damaged = wire.slice();
          damaged[at] = wire[at]! ^ (1 << bit);
          if (damaged[at] === 0) continue;
          const [is, was] = [damaged, wire].map((bytes) => toHex(bytes.subarray(at, at + 1)));
          const problem = explain(damaged).find(({ start, end }) => start <= at && at < end)?.problem;
          expect(problem).toContain(`one bit of byte ${at} is flipped: ${is} must be ${was}`);
        }
      }
    }
  });

  test('a frame that is cut: what came is explained as before, then the delimiter is missing', () => {
    const whole = explain(PAY);
    for (let cut = 2; cut < PAY.length; cut++) {
      const parts = explain(PAY.subarray(0, cut));
      const before = whole.filter(({ end, part }) => end <= cut && (part !== 'crc' || cut === 35)).map(lineOf);
      expect(parts.map(lineOf).slice(2, before.length)).toStrictEqual(before.slice(2));
      expect(problemsOf(parts)).toStrictEqual([
        ['missing', cut, expect.stringContaining('the closing delimiter (00) is missing')],
      ]);
    }
    expect(lineOf(explain(PAY.subarray(0, 5)).at(-2)!)).toBe('4-5 damaged: session, cut: 1 of 2 bytes = ');
    expect(lineOf(explain(PAY.subarray(0, 22)).at(-2)!)).toBe('20-22 damaged: amount, cut: 2 of 5 bytes = 27');
    expect(lineOf(explain(PAY.subarray(0, 29)).at(-2)!)).toBe('27-29 damaged: expiry time, cut: 2 of 4 bytes = 8403');
    const rest = 'damaged: not understood: bytes are missing or wrong';
    expect(lineOf(explain(PAY.subarray(0, 33)).at(-2)!)).toBe(`31-33 ${rest} = 0c9a`);
    const lastCode = explain(PAY.subarray(0, 34))
      .findLast(({ codes }) => codes)
      ?.codes?.at(-1);
    expect(lastCode?.text).toBe('a 00 of the frame; COBS: the next 00 would be 5 bytes on');
    const missing = (cut: number) => explain(PAY.subarray(0, cut)).at(-1)?.problem;
    expect(missing(33)).toBe('the closing delimiter (00) is missing, and 2 bytes or more before it');
    expect(missing(34)).toBe('the closing delimiter (00) is missing, and 1 byte or more before it');
    expect(missing(35)).toBe('the closing delimiter (00) is missing');
  });

  test('a frame that is cut, or a value that is cut, does not say that a field is missing', () => {
    const reply = wireOf('pay reply').subarray(0, 10); // up to its result
    expect(problemsOf(explain(reply)).map(([part, start]) => [part, start])).toStrictEqual([['missing', 10]]);
    const hello = wireOf('hello');
    expect(problemsOf(explain(hello.subarray(0, 7))).map(([part, start]) => [part, start])).toStrictEqual([
      ['missing', 7],
    ]);
    const payload = Uint8Array.of(0x02, 5, 0x31);
    const pay = encodeFrame({ type: TYPES.PAY.type, session: 0x0101, sequence: 1, payload });
    expect(problemsOf(explain(pay)).map(([part, start]) => [part, start])).toStrictEqual([['length', 8]]);
  });

  test('a code that leads past the end, in a field: the CRC after the fields is perhaps the CRC', () => {
    const damaged = PAY.slice();
    damaged[5] = 0xe7; // a code of 24 before: more than one bit
    const parts = explain(damaged);
    expect(parts.find(({ part }) => part === 'session')).toStrictEqual({
      start: 4,
      end: 6,
      part: 'session',
      value: 1,
      text: 'session',
      problem: 'the last COBS block runs 201 bytes past the end: a receiver drops the frame',
      codes: [{ at: 5, next: 236, text: 'a 00 of the frame; COBS: the next 00 would be 231 bytes on' }],
    });
    expect(linesOf(parts, ['crc'])).toStrictEqual(['31-35 crc: perhaps the CRC-32C; it cannot be checked = 5ba49a0c']);
  });

  test('a last code that leads past the end does not hide a right CRC', () => {
    const damaged = PAY.slice();
    damaged[30] = 0x19;
    const parts = explain(damaged);
    expect(linesOf(parts, ['crc'])).toStrictEqual(['31-35 crc: CRC-32C, right = 5ba49a0c']);
    const past = 'the last COBS block runs 20 bytes past the end: a receiver drops the frame';
    expect(problemsOf(parts)).toStrictEqual([['value', 27, past]]);
  });

  test('a value that breaks its rule where a code leads past the end has both problems', () => {
    const payload = tlvs(ascii(0x01, 'TRUEMONEY'), u32(0x04, 0));
    const wire = encodeFrame({ type: TYPES.PAY.type, session: 0x0101, sequence: 1, payload });
    const last = wire.length - 6;
    wire[last] = 0xf1;
    const [[, , problem] = []] = problemsOf(explain(wire));
    const rule = 'expiry time must be 4 bytes, a number from 1 to 2147483647 (reason 3: a value breaks its rule)';
    expect(problem).toBe(`${rule}; the last COBS block runs 236 bytes past the end: a receiver drops the frame`);
  });

  test('mistakes of new firmware with the CRC', () => {
    const frame = fromHex('0102343205010141');
    const problemWith = (crc: number) => {
      const bytes = Uint8Array.of(crc, crc >>> 8, crc >>> 16, crc >>> 24);
      return problemsOf(explain(wireReference(concat(frame, bytes)))).at(-1)?.[2];
    };
    expect(problemWith(~crc32c(frame))).toBe(
      'the final xor of the CRC is not done, or is done twice: a receiver drops the frame',
    );
    expect(problemWith(0x12345678)).toBe('the CRC does not match the bytes: a receiver drops the frame');
  });

  test('a row of bytes that is no field: the fields end there', () => {
    const payload = tlvs(u8(0x50, 1), u8(0x50, 1), u8(0x51, 1));
    const wire = encodeFrame({ type: TYPES.PAY.type, session: 0x0101, sequence: 1, payload });
    wire[1] = 0xe1;
    wire[19] = wire[19]! ^ 0x81;
    expect(linesOf(explain(wire), ['tag', 'damaged', 'crc'])).toStrictEqual([
      '7-8 tag: field 0x50, not known in PAY = 80',
      `10-20 damaged: not understood: bytes are missing or wrong = ${toHex(wire.subarray(10, 20))}`,
    ]);
  });

  test('a tag that comes too late and runs past the end of a damaged frame is probably no tag', () => {
    const payload = concat(tlvs(ascii(0x02, '10')), Uint8Array.of(0x01, 99));
    const wire = encodeFrame({ type: TYPES.PAY.type, session: 0x0101, sequence: 1, payload });
    wire[1] = 0xe1;
    wire[16] = wire[16]! ^ 0x81;
    expect(linesOf(explain(wire), ['tag', 'damaged']).map((line) => line.replace(/ = .*/, ''))).toStrictEqual([
      '7-8 tag: field 0x02, amount',
      '11-17 damaged: not understood: bytes are missing or wrong',
    ]);
  });

  test('a frame that is too long: its last four bytes within the limit are not taken for the CRC', () => {
    const payload = tlvs({ tag: 0x50, value: Array(116).fill(1) });
    const wire = wireReference(concat(Uint8Array.of(1, 2, 1, 1, 1), payload, new Uint8Array(8).fill(0x40)));
    expect(linesOf(explain(wire), ['crc'])).toStrictEqual([]);
    expect(linesOf(explain(wire), ['damaged', 'surplus'])).toStrictEqual([
      '125-129 damaged: not understood: bytes are missing or wrong = 40404040',
      '129-133 surplus: too much = ',
    ]);
  });

  test('a frame that is too long: what is too much is one part', () => {
    const payload = new Uint8Array(125).fill(1);
    const wire = wireReference(concat(Uint8Array.of(1, 2, 1, 1, 1), payload));
    const parts = explain(wire);
    expect(parts.at(-2)).toStrictEqual({
      start: 129,
      end: 132,
      part: 'surplus',
      text: 'too much',
      problem: 'the frame has 131 encoded bytes, and at most 128 are allowed: a receiver drops it',
    });
    expect(linesOf(parts, ['crc'])).toStrictEqual([]);
  });
});
