import { type Frame, FrameDecoder } from '@bluetap/protocol';

let found: Frame | undefined;
/**
 * One decoder for all calls. Each call leaves it empty. A new decoder for each call would take more time than the
 * decoding.
 */
const decoder = new FrameDecoder({
  onFrame: (frame) => {
    found = frame;
  },
});

/** Returns the frame in wire bytes that contain exactly one frame, or undefined if they contain no whole frame. */
export function frameOf(wire: Uint8Array): Frame | undefined {
  found = undefined;
  decoder.push(wire);
  decoder.reset();
  return found;
}
