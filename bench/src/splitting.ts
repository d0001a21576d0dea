import { encodeMessage, FrameDecoder } from '@bluetap/protocol';
import { ByteLengthParser } from '@serialport/parser-byte-length';
import { DelimiterParser } from '@serialport/parser-delimiter';
import { bestOf, type Contender, measure } from './side-by-side.js';
import { SECTION } from './tables/names.js';
import { type Section, times } from './tables/table.js';
import { commands } from './workload/commands.js';

/** The sizes of the chunks of a stream: the worst case of a UART, a USB packet, a file. */
const CHUNKS = [1, 64, 65_536];

/**
 * Measures how fast frames are found in a stream of bytes. Our decoder decodes COBS and checks the CRC. The parsers of
 * serialport check nothing.
 */
export function splitting(rounds: number): Section {
  const frames = commands
    .map((command) => encodeMessage(command))
    .filter(({ length }, _, [first]) => length === first!.length);
  const results = CHUNKS.map((size) => {
    const bytes = Buffer.concat(Array.from({ length: size === 1 ? 10 : 300 }, () => frames).flat());
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      Buffer.from(bytes.subarray(index * size, (index + 1) * size)),
    );
    const expected = bytes.length / frames[0]!.length;
    return { size, bytes: bytes.length, measured: measure(contenders(chunks, frames[0]!.length, expected), 1, rounds) };
  });
  return {
    title: SECTION.splitting,
    tables: [
      {
        caption: 'In megabytes a second, and how many times as long as ours it takes',
        head: ['chunks of', ...CHUNKS.flatMap((size) => [`${size} B`, 'ratio'])],
        rows: results[0]!.measured.map(({ name }, index) => [
          name,
          ...results.flatMap(({ bytes, measured }) => {
            const { ns, ratio } = measured[index]!;
            return [((bytes / ns) * 1000).toFixed(1), times(ratio)];
          }),
        ]),
      },
    ],
    targets: [
      {
        name: 'splitting in chunks of 64 B, CRC checked, times the best parser of serialport, which checks nothing',
        target: 1.25,
        value: bestOf(results[1]!.measured),
      },
    ],
  };
}

function contenders(chunks: readonly Buffer[], length: number, expected: number): Contender[] {
  let found = 0;
  const decoder = new FrameDecoder({ onFrame: () => found++ });
  const byteLength = new ByteLengthParser({ length }).on('data', () => found++);
  const delimiter = new DelimiterParser({ delimiter: [0, 0] }).on('data', () => found++);
  const each = (name: string, take: (chunk: Buffer) => void): Contender => ({
    name,
    run() {
      found = 0;
      for (const chunk of chunks) take(chunk);
      // The last frame can still wait for the delimiter that begins the next frame.
      if (Math.abs(found - expected) > 1) throw new Error(`${name} found ${found} frames of ${expected}`);
    },
  });
  return [
    each('@bluetap/protocol', (chunk) => decoder.push(chunk)),
    each('serialport byte-length', (chunk) => byteLength.write(chunk)),
    each('serialport delimiter', (chunk) => delimiter.write(chunk)),
  ];
}
