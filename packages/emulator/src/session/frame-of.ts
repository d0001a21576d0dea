import { type Frame, FrameDecoder } from '@bluetap/protocol';

let found: Frame | undefined;
/** One for all calls, each of which leaves it empty: a new one each time would cost more than decoding. */
const decoder = new FrameDecoder({
  onFrame: (frame) => {
    found = frame;
  },
});

/** The frame in wire bytes that hold exactly one; undefined when they hold none that is whole. */
export function frameOf(wire: Uint8Array): Frame | undefined {
  found = undefined;
  decoder.push(wire);
  decoder.reset();
  return found;
}
