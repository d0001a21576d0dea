import { type Frame, FrameDecoder } from '@bluetap/protocol';

/** The frame in wire bytes that hold exactly one; undefined when they hold none that is whole. */
export function frameOf(wire: Uint8Array): Frame | undefined {
  let found: Frame | undefined;
  new FrameDecoder({
    onFrame: (frame) => {
      found = frame;
    },
  }).push(wire);
  return found;
}
