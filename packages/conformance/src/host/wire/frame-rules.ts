import { MessageType, Reason } from '@bluetap/protocol';
import type { Breach } from '../contract/breach.js';
import type { HostFrame } from './host-frames.js';

const REQUEST_TYPES: readonly number[] = [MessageType.HELLO, MessageType.PAY, MessageType.CANCEL, MessageType.STATUS];

/** Reasons for which the structure of a payload is wrong, and not a value. */
const DAMAGED: readonly number[] = [Reason.UNKNOWN_CRITICAL_TAG, Reason.UNKNOWN_VERSION, Reason.UNKNOWN_TYPE];

/**
 * Judges one frame by itself: its delimiters, its length, and what it holds. docs/protocol.md sections 1 to 3.
 * @param first True if it is the first frame of its connection.
 */
export function judgeFrame(frame: HostFrame, first: boolean): Breach[] {
  return [...judgeDelimiters(frame, first), ...judgeContent(frame)];
}

function judgeDelimiters({ delimitersBefore, closed, frame }: HostFrame, first: boolean): Breach[] {
  if (delimitersBefore < (first ? 1 : 2)) {
    const text = first
      ? 'sent its first frame without the delimiter before it'
      : 'sent two frames with one delimiter between them';
    return [{ rule: 'R-1', text }];
  }
  return !closed && frame ? [{ rule: 'R-1', text: 'sent a frame without the delimiter after it' }] : [];
}

function judgeContent({ frame, problem, reason, message, encoded }: HostFrame): Breach[] {
  if (!frame) {
    if (problem === 'oversize')
      return [{ rule: 'R-3', text: `sent ${encoded.length / 2} bytes between two delimiters` }];
    return [{ rule: 'R-86', text: `sent bytes that are no frame (${problem}): ${shown(encoded)}` }];
  }
  if (!REQUEST_TYPES.includes(frame.type)) {
    return [{ rule: 'R-86', text: `sent a frame of type ${frame.type.toString(16)}, which is no request` }];
  }
  if (message) return [];
  const what = `sent a request that a device refuses with reason ${reason}: ${shown(encoded)}`;
  return [{ rule: DAMAGED.includes(reason!) || hasBrokenTags(frame.payload) ? 'R-6' : 'R-85', text: what }];
}

/** True if the tags of a payload do not ascend, or a value is cut short. */
function hasBrokenTags(payload: Uint8Array): boolean {
  let last = -1;
  for (let at = 0; at < payload.length; ) {
    const tag = payload[at]!;
    const length = payload[at + 1];
    if (length === undefined || tag <= last || at + 2 + length > payload.length) return true;
    last = tag;
    at += 2 + length;
  }
  return false;
}

function shown(encoded: string): string {
  return encoded.length > 80 ? `${encoded.slice(0, 80)}...` : encoded;
}
