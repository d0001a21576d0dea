import { type Frame, FrameDecoder, MessageType } from '@bluetap/protocol';
import { crc32c, encodeFrame } from '@bluetap/protocol/tools';

/** Converts the payload of any codec to bytes for a line, and back. */
export interface Framing {
  readonly name: string;
  frame(session: number, sequence: number, payload: Uint8Array): Uint8Array;
  /** @throws Error if the frame is damaged. */
  unframe(wire: Uint8Array): { readonly session: number; readonly sequence: number; readonly payload: Uint8Array };
}

const HEADER = 5;
const CRC = 4;

/**
 * Makes the frame of docs/protocol.md sections 1 and 2 step by step, as a program does that has a codec and needs a
 * frame. It uses our CRC-32C, which is the fastest in JavaScript.
 */
export const plain: Framing = {
  name: 'a frame written plainly',
  frame(session, sequence, payload) {
    const frame = new Uint8Array(HEADER + payload.length + CRC);
    const view = new DataView(frame.buffer);
    frame[0] = 1;
    frame[1] = MessageType.PAY;
    view.setUint16(2, session, true);
    frame[4] = sequence;
    frame.set(payload, HEADER);
    view.setUint32(frame.length - CRC, crc32c(frame, 0, frame.length - CRC), true);
    return stuff(frame);
  },
  unframe(wire) {
    const frame = unstuff(wire.subarray(1, wire.length - 1));
    const view = new DataView(frame.buffer);
    if (view.getUint32(frame.length - CRC, true) !== crc32c(frame, 0, frame.length - CRC)) throw new Error('crc');
    if (frame[0] !== 1 || frame[1] !== MessageType.PAY) throw new Error('header');
    const payload = frame.subarray(HEADER, frame.length - CRC);
    return { session: view.getUint16(2, true), sequence: frame[4]!, payload };
  },
};

function stuff(frame: Uint8Array): Uint8Array {
  const wire = new Uint8Array(frame.length + 3);
  let code = 1;
  let at = 2;
  for (const byte of frame) {
    if (byte === 0) {
      wire[code] = at - code;
      code = at;
    } else wire[at] = byte;
    at++;
  }
  wire[code] = at - code;
  return wire;
}

function unstuff(encoded: Uint8Array): Uint8Array {
  const frame = new Uint8Array(encoded.length - 1);
  let code = encoded[0]!;
  for (let at = 1; at < encoded.length; at++) {
    if (at === code) code += encoded[at]!;
    else frame[at - 1] = encoded[at]!;
  }
  if (code !== encoded.length) throw new Error('cobs');
  return frame;
}

/** Our own package makes and reads the frame around the payload of the peer. No framing is better for a peer. */
export function ours(): Framing {
  const found: Frame[] = [];
  const decoder = new FrameDecoder({ onFrame: (frame) => found.push(frame) });
  return {
    name: 'framed by @bluetap/protocol',
    frame: (session, sequence, payload) => encodeFrame({ type: MessageType.PAY, session, sequence, payload }),
    unframe(wire) {
      decoder.push(wire);
      const frame = found.pop();
      if (!frame) throw new Error('damaged');
      return frame;
    },
  };
}
