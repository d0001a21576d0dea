import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
});

test('those that do not hold are named with what was expected', async () => {
  const message = { type: 'HELLO', session: 0, sequence: 0, nonce: 51966 };
  const file = fileOf(
    vectorsOf(
      { ...HELLO, message },
      { ...HELLO, name: 'another nonce', message: { ...message, nonce: 1 } },
      { ...HELLO, name: 'one field more', message: { ...message, amount: '1' } },
      { ...HELLO, name: 'an error', error: { layer: 'frame', code: 'crc' } },
      { name: 'two frames', wire: HELLO.wire + HELLO.wire, message },
      { name: 'no frame', wire: '00', error: { layer: 'frame', code: 'crc' } },
      // Another encoding of the same message: a delimiter more is padding to a decoder, and not what an encoder makes.
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
  ['neither', vectorsOf(HELLO), 'vector 1 ("hello") needs either "message" or "error"'],
  ['both', vectorsOf({ ...hello, error: {} }), 'vector 1 ("hello") needs either "message" or "error"'],
  ['a text', vectorsOf({ ...HELLO, message: 'x' }), 'vector 1 ("hello"): its "message" or "error" is not an object'],
])('%s is no file of vectors', async (_, content, text) => {
  const ended = await call(['vectors', fileOf(content)]);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain(text);
});

test('no such file', async () => {
  const ended = await call(['vectors', '/nowhere/vectors.json']);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain('/nowhere/vectors.json cannot be read');
});
