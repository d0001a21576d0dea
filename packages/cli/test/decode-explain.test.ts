import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeMessage } from '@bluetap/protocol';
import { explainWire } from '@bluetap/protocol/tools';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explanationText } from '../src/decode/explanation.js';
import { wrapped } from '../src/decode/wrapped.js';
import { parseHex } from '../src/input/hex.js';
import { readVectors } from '../src/vectors/vector-file.js';
import { call, printed, root } from './cli.js';

const vectors = readVectors(join(root, 'vectors/frames.json'));
const wireOf = (name: string): string => vectors.find((vector) => vector.name === name)!.wire;
const tableOf = (hex: string): string => {
  const wire = parseHex(hex);
  return String(explanationText(wire, explainWire(wire)));
};

const PAY_7 = `\
OFFSET  BYTES                    WHAT IT IS                        VALUE
     0  00                       delimiter: the frame starts
     1  04                       COBS: the first 00 is 4 bytes on
     2  01                       version                           1
     3  02                       type 0x02, from the host          PAY
     4  01 18                    session                           1
                                 byte 5: a 00 of the frame; COBS: the next 00 is 24 bytes on
     6  01                       sequence                          1
     7  01                       field 0x01, payment method
     8  09                       length                            9
     9  54 52 55 45 4d 4f 4e 45  payment method                    TRUEMONEY
        59
    18  02                       field 0x02, amount
    19  05                       length                            5
    20  32 37 2e 30 31           amount                            27.01
    25  04                       field 0x04, expiry time
    26  04                       length                            4
    27  84 03 01 05              expiry time                       900
                                 byte 29: a 00 of the frame; COBS: the next 00 is 1 byte on
                                 byte 30: a 00 of the frame; COBS: the end is 5 bytes on
    31  0c 9a a4 5b              CRC-32C, right                    5ba49a0c
    35  00                       delimiter: the frame ends
`;

const TRAILING_SPACE = `\
OFFSET  BYTES                    WHAT IT IS                    VALUE
     0  00                       delimiter: the frame starts
     1  16                       COBS: the end is 22 bytes on
     2  01                       version                       1
     3  02                       type 0x02, from the host      PAY
     4  0b 0a                    session                       2571
     6  09                       sequence                      9
     7  01                       field 0x01, payment method
     8  0a                       length                        10
     9  54 52 55 45 4d 4f 4e 45  payment method                "TRUEMONEY "
        59 20                    problem: payment method must be one of TRUEMONEY, SEVEN_11,
                                 ALIPAY_CN, ALIPAY_PLUS (reason 2: the payment method is not known)
    19  e0 91 a1 01              CRC-32C, right                01a191e0
    23  00                       delimiter: the frame ends
`;

test('decode --explain prints each byte of a good frame', async () => {
  expect(await call(['decode', '--explain', wireOf('pay 7')])).toMatchObject(printed(PAY_7));
});

test('decode --explain prints a bad frame to its end, then the error as decode does', async () => {
  const wire = wireOf("payment method 'TRUEMONEY '");
  const [explained, plain] = [await call(['decode', wire, '--explain']), await call(['decode', wire])];
  expect(explained).toMatchObject({ code: 1, stdout: TRAILING_SPACE, stderr: plain.stderr });
  expect(plain.stderr).not.toBe('');
});

test('the exit code and stderr are those of decode, for every vector', async () => {
  for (const { name, wire, error } of vectors) {
    const [explained, plain] = [await call(['decode', '--explain', wire]), await call(['decode', wire])];
    expect({ ...explained, stdout: '' }, name).toEqual({ ...plain, stdout: '' });
    expect(explained.stdout.includes('problem: '), name).toBe(error !== undefined);
  }
});

test.each([
  ['00', 1, 'There is no frame in 1 byte'],
  [wireOf('hello').repeat(2), 1, 'There are 2 frames, not one'],
  ['001', 2, 'it ends in the middle of a byte'],
])('decode --explain %j: nothing on stdout', async (hex, code, text) => {
  const ended = await call(['decode', '--explain', hex]);
  expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(text) });
});

test('no line is wider than 100 columns, and none ends in a space', () => {
  const long = `${wireOf('oversize').slice(0, -2)}${'41'.repeat(40)}00`;
  const isNarrow = (hex: string) =>
    tableOf(hex)
      .split('\n')
      .every((line) => line.length <= 100 && /\S$/.test(line));
  for (const hex of [...vectors.map(({ wire }) => wire), long]) expect(isNarrow(hex), hex).toBe(true);
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 255));
  fc.assert(
    fc.property(fc.array(byte, { minLength: 1, maxLength: 300 }), (bytes) =>
      isNarrow(Buffer.from(bytes).toString('hex')),
    ),
  );
});

test('docs/reference/cli.md quotes what the command prints', async () => {
  const page = readFileSync(join(root, 'docs/reference/cli.md'), 'utf8');
  const [, hex = '', quoted] = /^\$ bluetap decode --explain (\S+)\n(.*?)^```/ms.exec(page) ?? [];
  expect((await call(['decode', '--explain', hex])).stdout).toBe(quoted);
});

test('every byte of every vector stands in the table, in order', () => {
  for (const { name, wire } of vectors) {
    const rows = tableOf(wire).split('\n').slice(1);
    const bytes = rows.map((row) => row.slice(8, 31).replaceAll(' ', '')).join('');
    expect(bytes, name).toBe(wire);
    for (const row of rows.filter((each) => /^ {0,5}\d/.test(each))) {
      const offset = Number(row.slice(0, 6));
      const first = row.slice(8, 10).trim();
      expect(wire.slice(offset * 2).startsWith(first), row).toBe(true);
    }
  }
});

test('what is not understood has no value but its bytes', () => {
  const rows = tableOf(wireOf('block runs past the end')).split('\n');
  expect(rows).toContain('    25  60                       not understood: bytes are missing or wrong');
});

test('codes side by side that say the same have one line', () => {
  const rows = tableOf(wireOf('hello, nonce of zeros')).split('\n');
  expect(rows.filter((row) => row.includes('byte')).map((row) => row.trim())).toEqual([
    '1  03                       COBS: the first 00 is 3 bytes on',
    'bytes 4 to 5: a 00 of the frame; COBS: the next 00 is 1 byte on',
    'byte 6: a 00 of the frame; COBS: the next 00 is 3 bytes on',
    'bytes 9 to 11: a 00 of the frame; COBS: the next 00 is 1 byte on',
    'byte 12: a 00 of the frame; COBS: the end is 5 bytes on',
  ]);
});

test('a value with spaces keeps them, in quotes and over two lines', () => {
  const wire = encodeMessage({
    type: 'HELLO_REPLY',
    session: 1,
    sequence: 0,
    result: 'SUCCESS',
    state: 'idle',
    nonce: 1,
    model: ' a  b ',
    firmware: '1',
    serialNumber: `${'x'.repeat(15)}  ${'y'.repeat(15)}`,
    bootId: 1,
  });
  const shown = String(explanationText(wire, explainWire(wire)));
  expect(shown).toContain(' model                             " a  b "\n');
  expect(shown).toContain(` "${'x'.repeat(15)}  ${'y'.repeat(15)}\n`);
});

test('a part that is missing has a row without bytes', () => {
  const rows = tableOf(wireOf('pay without a payment method')).split('\n');
  expect(rows.filter((row) => row.startsWith('     7'))).toEqual([
    '     7                           missing: payment method',
    '     7  02                       field 0x02, amount',
  ]);
});

describe('colours', () => {
  const ESC = '\u001b[';
  test('are there in a terminal: COBS codes, values, problems', () => {
    const { isTTY, hasColors } = process.stdout;
    Object.assign(process.stdout, { isTTY: true, hasColors: () => true });
    try {
      const shown = tableOf(wireOf("payment method 'Test'"));
      expect(shown).toContain(`${ESC}31m54${ESC}39m ${ESC}31m65${ESC}39m`);
      expect(shown).toContain(`${ESC}31mTest${ESC}39m`);
      expect(shown).toContain(`${ESC}31mproblem: payment method must be`);
      expect(tableOf(wireOf('pay 7'))).toContain(`01 ${ESC}33m18${ESC}39m `);
      expect(tableOf(wireOf('pay 7'))).toContain(`${ESC}1mTRUEMONEY${ESC}22m`);
    } finally {
      Object.assign(process.stdout, { isTTY, hasColors });
    }
  });
});

describe('wrapped', () => {
  test.each<[text: string, width: number, lines: string[]]>([
    ['', 5, ['']],
    ['one two', 7, ['one two']],
    ['one two', 6, ['one', 'two']],
    ['a bcdefgh i', 3, ['a', 'bcd', 'efg', 'h i']],
  ])('%j to %i', (text, width, expected) => {
    expect(wrapped(text, width)).toEqual(expected);
  });
});
