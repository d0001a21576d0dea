import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFrame } from '@bluetap/protocol/tools';
import { expect, test } from 'vitest';
import { call, printed, root, run, temporaryFolder } from './cli.js';

const HELLO = { name: 'hello', wire: '000301010101052004feca0105094b7d5d00' };
const hello = { ...HELLO, message: { type: 'HELLO', session: 0, sequence: 0, nonce: 0x0001cafe } };

function fileOf(content: unknown): string {
  const file = join(temporaryFolder(), 'vectors.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}
const vectorsOf = (...vectors: unknown[]) => ({ format: 'BlueTap frame vectors', version: 1, vectors });

test('the vectors of the repository hold', async () => {
  expect(await run(['vectors', join(root, 'vectors/frames.json')])).toMatchObject(printed('109 of 109 vectors hold\n'));
  expect(await run(['vectors', join(root, 'vectors/later-frames.json')])).toMatchObject(
    printed('13 of 13 vectors hold\n'),
  );
});

test('a vector that does not hold is printed with its name and the expected result', async () => {
  const message = { type: 'HELLO', session: 0, sequence: 0, nonce: 51966 };
  const file = fileOf(
    vectorsOf(
      { ...HELLO, message },
      { ...HELLO, name: 'another nonce', message: { ...message, nonce: 1 } },
      { ...HELLO, name: 'one field more', message: { ...message, amount: '1' } },
      { ...HELLO, name: 'an error', error: { layer: 'frame', code: 'crc' } },
      { name: 'two frames', wire: HELLO.wire + HELLO.wire, message },
      { name: 'no frame', wire: '00', error: { layer: 'frame', code: 'crc' } },
      // Another encoding of the same message. A decoder ignores one more delimiter, but an encoder does not write it.
      { ...HELLO, name: 'padded', wire: `00${HELLO.wire}`, message },
    ),
  );
  const { code, stdout, stderr } = await call(['vectors', file]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const names = [...stdout.matchAll(/^does not hold: (.*)$/gm)].map(([, name]) => name);
  expect(names).toEqual(['another nonce', 'one field more', 'an error', 'two frames', 'no frame', 'padded']);
  expect(stdout).toContain('  decode, expected  {"message":{"type":"HELLO","session":0,"sequence":0,"nonce":1}}\n');
  expect(stdout).toContain('  decode, actual    {"message":{"type":"HELLO","session":0,"sequence":0,"nonce":51966}}\n');
  expect(stdout).toContain('  decode, actual    2 frames\n');
  expect(stdout).toContain(`  encode, expected  00${HELLO.wire}\n  encode, actual    ${HELLO.wire}\n`);
  expect(stdout).toMatch(/\n1 of 7 vectors hold\n$/);
});

test('a field that decoding skips, and flags without a meaning yet, are not compared after encoding', async () => {
  const message = { type: 'HELLO_REPLY', session: 1, sequence: 0, result: 'SUCCESS', state: 'idle', nonce: 1 } as const;
  const more = { model: 'm', firmware: 'f', serialNumber: 's', bootId: 2 };
  /** Makes a HELLO_REPLY with these flags. `tail` can add a field of a later version. */
  const vector = (flags: number, tail: number[] = []) => {
    const text = [0x21, 1, 0x6d, 0x22, 1, 0x66, 0x23, 1, 0x73];
    const head = [0x10, 1, 0, 0x12, 1, 0, 0x20, 4, 1, 0, 0, 0, ...text, 0x24, 4, 2, 0, 0, 0];
    const payload = Uint8Array.of(...head, 0x25, 1, flags, ...tail);
    const wire = Buffer.from(encodeFrame({ type: 0x81, session: 1, sequence: 0, payload })).toString('hex');
    return { name: `${flags}`, wire, message: { ...message, ...more, ...(flags & 1 && { simulated: true }) } };
  };
  const file = fileOf(vectorsOf(vector(0), vector(1), vector(2), vector(3), vector(255, [0x70, 1, 9])));
  expect(await run(['vectors', file])).toMatchObject(printed('5 of 5 vectors hold\n'));
  const wrong = vector(3);
  const other = fileOf(vectorsOf({ ...wrong, message: { ...wrong.message, simulated: undefined } }));
  expect(await call(['vectors', other])).toMatchObject({ code: 1 });
});

test.each([
  ['not JSON', '{', 'is not JSON: '],
  ['not an object', [], 'it is not an object'],
  ['another format', { ...vectorsOf(hello), format: 'x' }, 'its "format" is not "BlueTap frame vectors"'],
  ['another version', { ...vectorsOf(hello), version: 2 }, 'its "version" is not 1'],
  ['no list', { ...vectorsOf(), vectors: {} }, 'it has no list "vectors"'],
  ['an empty list', vectorsOf(), 'its list is empty, so it proves nothing'],
  ['no vector', vectorsOf(hello, null), 'vector 2 is not an object'],
  ['no name', vectorsOf({ ...hello, name: undefined }), 'vector 1 has no "name"'],
  ['no wire', vectorsOf({ ...hello, wire: '0' }), 'vector 1 ("hello") has no "wire" in lower-case hex'],
  ['neither message nor error', vectorsOf(HELLO), 'vector 1 ("hello") needs either "message" or "error"'],
  [
    'both message and error',
    vectorsOf({ ...hello, error: {} }),
    'vector 1 ("hello") needs either "message" or "error"',
  ],
  [
    'a string instead of a message',
    vectorsOf({ ...HELLO, message: 'x' }),
    'vector 1 ("hello"): its "message" or "error" is not an object',
  ],
])('%s is not a file of vectors', async (_, content, text) => {
  const ended = await call(['vectors', fileOf(content)]);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain(text);
});

test('a file that does not exist cannot be read', async () => {
  const ended = await call(['vectors', '/nowhere/vectors.json']);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain('/nowhere/vectors.json cannot be read');
});
