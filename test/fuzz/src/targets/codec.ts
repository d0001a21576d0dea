// Compares the decoder of streams and the decoder of messages with the rules of docs/protocol.md.
import assert from 'node:assert/strict';
import type { Target } from '../fuzzer/fuzzer.js';
import { Random, seedOf } from '../fuzzer/random.js';
import { fieldsOf, KNOWN_TAGS, readStream, stuff, withCrc } from '../fuzzer/reference-frames.js';
import { decodeFrame, encodeMessage, FrameDecoder, frameBytes, resultOf } from './compiled-packages.js';

type Frame = Parameters<typeof decodeFrame>[0];

const FIXED: Readonly<Record<number, number>> = { 4: 4, 16: 1, 17: 1, 18: 1, 19: 4, 20: 1, 32: 4, 36: 4, 37: 1, 38: 3 };

const HELLO = withCrc([1, 1, 0, 0, 0, 0x20, 4, 1, 2, 3, 4]);
const GOOD = Uint8Array.from([0, ...stuff(HELLO), 0]);

export const codec: Target = {
  name: 'codec',
  batch: 2000,
  runs: 60_000,
  run(bytes) {
    const before = bytes.toString();
    const expected = readStream(bytes).join(' ');
    const whole = listen();
    whole.decoder.push(bytes);
    whole.decoder.reset();
    assert.equal(whole.seen.join(' '), expected, 'in one piece');

    const random = new Random(seedOf(bytes));
    const cut = listen();
    for (let at = 0, now = 0; at < bytes.length; now += random.below(1000)) {
      const end = at + 1 + random.below(random.oneIn(2) ? 4 : 200);
      cut.decoder.push(bytes.subarray(at, end), now);
      at = end;
    }
    cut.decoder.push(GOOD, 1e9);
    cut.decoder.reset();
    assert.equal(
      cut.seen.join(' ').trim(),
      `${expected} ${HELLO}`.trim(),
      'in pieces, and with a correct HELLO after it',
    );
    assert.equal(bytes.toString(), before, 'the decoder does not change the chunk of the caller');
    return [...whole.seen.filter((each) => !each.includes(',')), ...whole.frames.map(checkMessage)];
  },
};

/** Makes a decoder that records its reports. */
function listen() {
  const seen: string[] = [];
  const frames: Frame[] = [];
  const decoder = new FrameDecoder({
    onFrame: (frame) => {
      frames.push(frame);
      seen.push(frameBytes(frame).toString());
    },
    onDrop: (code) => seen.push(code),
  });
  return { seen, frames, decoder };
}

const FLAGS = 0x25;

/** Compares the decoded message of a frame with the bytes of the frame. */
function checkMessage(frame: Frame): string {
  const bytes = [...frameBytes(frame)];
  const decoded = decodeFrame(frame);
  assert.equal(frameBytes(frame).toString(), bytes.toString(), 'decoding does not change the frame');
  assert.equal(JSON.stringify(decodeFrame(frame)), JSON.stringify(decoded), 'decoding again has the same result');
  const [version, type = 0] = bytes;
  const problem = structureOf(bytes);
  if (!decoded.ok) {
    const { layer, code, result, reason } = decoded.error;
    assert.equal(layer, 'message');
    assert.equal(result, resultOf(reason));
    if (problem) assert.equal(code, problem);
    else assert.ok(['missing-field', 'unknown-payment-method', 'bad-value'].includes(code), code);
    return `${type} ${code}`;
  }
  assert.equal(problem, undefined);
  const known = (fieldsOf(bytes.slice(5, -4)) ?? []).filter(({ tag }) => KNOWN_TAGS[type]?.includes(tag));
  // Of the flags, only bit 0 is kept, and only if it is set.
  const content = known.flatMap(({ tag, value: [flags = 0, ...rest] }) => {
    if (tag === FLAGS) return flags & 1 ? [tag, 1, 1] : [];
    return [tag, 1 + rest.length, flags, ...rest];
  });
  const wire = [0, ...stuff(withCrc([version ?? 0, ...bytes.slice(1, 5), ...content])), 0];
  assert.equal(
    encodeMessage(decoded.message).toString(),
    wire.toString(),
    'the same bytes, without the skipped fields',
  );
  return `${type} ${known.map(({ tag }) => tag)} ${(decoded.message as { result?: string }).result}`;
}

/** Rules 2, 3, 6 and 7 of section 3, Order of checks. */
function structureOf(bytes: readonly number[]): string | undefined {
  const [version, type = 0] = bytes;
  const known = KNOWN_TAGS[type];
  if (version !== 1) return 'unknown-version';
  if (!known) return 'unknown-type';
  const fields = fieldsOf(bytes.slice(5, -4));
  if (!fields || fields.some(({ tag }, index) => index > 0 && tag <= (fields[index - 1]?.tag ?? 0))) return 'bad-value';
  if (fields.some(({ tag, value }) => known.includes(tag) && FIXED[tag] && FIXED[tag] !== value.length))
    return 'bad-value';
  if (fields.some(({ tag }) => tag >= 0x80 && !known.includes(tag))) return 'unknown-critical-tag';
  return undefined;
}
