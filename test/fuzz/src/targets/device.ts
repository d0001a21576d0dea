// Tests the emulated device in this process. It answers every request once, and nothing else.
import assert from 'node:assert/strict';
import type { Target } from '../fuzzer/fuzzer.js';
import { Random, seedOf } from '../fuzzer/random.js';
import { readStream, stuff, withCrc } from '../fuzzer/reference-frames.js';
import { Emulator } from './compiled-packages.js';

const NO_TIME = { now: () => 0, setTimeout: () => 0, clearTimeout: () => {} };
const HELLO = Uint8Array.from([0, ...stuff(withCrc([1, 1, 0, 0, 0, 0x20, 4, 1, 2, 3, 4])), 0]);

export const device: Target = {
  name: 'device',
  batch: 500,
  runs: 20_000,
  run(bytes) {
    const random = new Random(seedOf(bytes));
    let sent: number[] = [];
    // Session numbers begin with 1, so that a seed can contain the right numbers.
    const emulator = new Emulator({ clock: NO_TIME, random: () => 0 });
    const host = emulator.attach({ name: 'fuzz', send: (wire) => sent.push(...wire), close: () => {} });
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + random.below(200);
      host.receive(bytes.slice(at, end));
      at = end;
      if (random.oneIn(4)) emulator.tap();
      if (random.oneIn(8)) emulator.nfcFault = random.pick([true, false, 'on-pay' as const]);
    }
    const asked = frames(bytes).filter(([, type = 0]) => (type & 0xc0) === 0);
    const answers = frames(sent).filter(([, type]) => type !== 0x41);
    assert.equal(
      answers.map(([version, type, , , sequence]) => [version, type, sequence]).join(' '),
      asked.map(([, type = 0, , , sequence]) => [1, type | 0x80, sequence]).join(' '),
      'one answer to each request, in order',
    );
    sent = [];
    emulator.nfcFault = false;
    host.receive(HELLO);
    // The bytes before the HELLO can be a frame without its last delimiter. The delimiter of the HELLO then completes
    // it.
    const accepted = frames(sent).at(-1) ?? [];
    assert.deepEqual(accepted.slice(5, 8), [0x10, 1, 0], 'the answer to a correct HELLO is SUCCESS');
    // The type of each answer, and its reason.
    return answers.map((answer) => `${answer[1]} ${answer[7] ? answer[10] : 'SUCCESS'}`);
  },
};

function frames(stream: ArrayLike<number>): number[][] {
  return readStream(Uint8Array.from(stream)).filter((each) => typeof each !== 'string');
}
