import { encodeMessage, FrameDecoder } from '@bluetap/protocol';
import { frameBytes } from '@bluetap/protocol/tools';
import type { Section } from './tables/table.js';
import { commands } from './workload/commands.js';

const FRAMES = 20_000;

type Damage = 'bits flipped' | 'bytes dropped' | 'noise between frames' | 'frames cut short';
const DAMAGES: readonly Damage[] = ['bits flipped', 'bytes dropped', 'noise between frames', 'frames cut short'];

/**
 * Sends a stream in which every second frame is damaged or has noise after it. Counts the lost and the wrong frames.
 */
export function noise(): Section {
  const results = DAMAGES.map((damage) => ({ damage, ...transmit(damage) }));
  const sum = (key: 'lost' | 'wrong') => results.reduce((total, result) => total + result[key], 0);
  return {
    title: 'Noise on the line',
    tables: [
      {
        caption: `${FRAMES} frames each, every second one damaged, in chunks of 1 to 64 bytes`,
        head: ['', 'clean frames', 'clean frames lost', 'wrong frames delivered'],
        rows: results.map(({ damage, clean, lost, wrong }) => [damage, `${clean}`, `${lost}`, `${wrong}`]),
      },
    ],
    targets: [
      { name: 'clean frames lost', target: 0, atMost: true, value: sum('lost') },
      { name: 'wrong frames delivered', target: 0, atMost: true, value: sum('wrong') },
    ],
  };
}

function transmit(damage: Damage): { clean: number; lost: number; wrong: number } {
  const random = generator(DAMAGES.indexOf(damage) + 1);
  const expected = new Map<string, number>();
  const sent: number[] = [];
  let clean = 0;
  for (let count = 0; count < FRAMES; count++) {
    const frame = encodeMessage({ ...commands[count % commands.length]!, session: count });
    const hurt = count % 2 === 1;
    if (!hurt || damage === 'noise between frames') {
      clean++;
      expected.set(Buffer.from(frame).toString('hex'), count);
    }
    sent.push(...(hurt ? hurtOne(frame, damage, random) : frame));
  }
  let wrong = 0;
  const decoder = new FrameDecoder({
    onFrame: (frame) => {
      const { session } = frame;
      const original = Buffer.from(encodeMessage({ ...commands[session % commands.length]!, session }));
      const delivered = Buffer.from(frameBytes(frame));
      // A frame is right if it was sent whole and has not arrived before.
      const isRight = original.length === delivered.length + 3 && expected.delete(original.toString('hex'));
      if (!isRight) wrong++;
    },
  });
  for (let at = 0; at < sent.length; ) {
    const size = 1 + random(64);
    decoder.push(Uint8Array.from(sent.slice(at, at + size)));
    at += size;
  }
  decoder.reset();
  return { clean, lost: expected.size, wrong };
}

function hurtOne(frame: Uint8Array, damage: Damage, random: (below: number) => number): number[] {
  const bytes = [...frame];
  switch (damage) {
    case 'bits flipped':
      for (let flips = 1 + random(4); flips > 0; flips--) bytes[1 + random(bytes.length - 2)]! ^= 1 << random(8);
      // If the same bit was flipped twice, the frame is not damaged.
      return bytes.every((byte, at) => byte === frame[at]) ? [...bytes.slice(0, 8), 0] : bytes;
    case 'bytes dropped':
      for (let drops = 1 + random(3); drops > 0; drops--) bytes.splice(1 + random(bytes.length - 2), 1);
      return bytes;
    case 'noise between frames':
      return [...bytes, ...Array.from({ length: random(200) }, () => random(256))];
    case 'frames cut short':
      return bytes.slice(0, 1 + random(bytes.length - 2));
  }
}

/** Makes the same random numbers in every run, so a person can examine a printed figure. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
