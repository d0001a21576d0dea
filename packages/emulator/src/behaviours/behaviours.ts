import { type Frame, MessageType } from '@bluetap/protocol';
import { encodeFrame, type FrameParts, PAYMENT_LINK_STATES } from '@bluetap/protocol/tools';
import { aByte, aCount, anyBytes, aPower, aTime, checkArguments } from '../contract/check-arguments.js';
import type { Behaviour, BehaviourContext } from '../contract/emulated-device.js';
import { refusal } from '../session/device-sessions.js';
import { frameOf } from '../session/frame-of.js';

/**
 * Ready-made misbehaviour for tests of a host: `emulator.use(loseReplies(1, { type: 'PAY' }))`. All of it is
 * deterministic, and all time is that of the emulator's clock. Each throws a TypeError that names an argument that is
 * missing or is out of its range.
 */

/** A request by its name: the request itself, or the reply to it. */
export type RequestType = 'HELLO' | 'PAY' | 'CANCEL' | 'STATUS';

/** Which messages a behaviour is about. It lets the others pass. */
export interface Match {
  /** Default: every request or reply. 'LINK', where something is sent, means the device's own LINK, otherwise left alone. */
  readonly type?: RequestType | 'LINK' | undefined;
  /** How many of them, then it does nothing more; default: all, unless the behaviour says otherwise. */
  readonly times?: number | undefined;
}

type Send = NonNullable<Behaviour['onSend']>;

/** Answers nothing and says nothing; requests do not reach the device. */
export function silent(): Behaviour {
  return { name: 'silent', onFrame: () => {}, onSend: () => {} };
}

/** The first `times` requests are lost on their way to the device: they are not executed. */
export function ignoreRequests(times: number, match: Pick<Match, 'type'> = {}): Behaviour {
  const { type } = checkArguments('ignoreRequests', match, { times: aCount }, { times });
  return onRequest('ignoreRequests', { times, ...(type && { type }) }, () => {});
}

/** The first `times` replies are lost on their way to the host: what they answer was executed. */
export function loseReplies(times: number, match: Pick<Match, 'type'> = {}): Behaviour {
  const { type } = checkArguments('loseReplies', match, { times: aCount }, { times });
  return onReply('loseReplies', { times, ...(type && { type }) }, () => {});
}

/** Delays replies by `ms` milliseconds. The device executes the command immediately. */
export function delayReplies(ms: number, match: Match = {}): Behaviour {
  checkArguments('delayReplies', match, { ms: aTime, times: aCount }, { ms });
  return onReply('delayReplies', match, (bytes, next, context) => context.after(ms, () => next(bytes)));
}

/** Replies come twice. */
export function duplicateReplies(match: Match = {}): Behaviour {
  checkArguments('duplicateReplies', match, { times: aCount });
  return onReply('duplicateReplies', match, (bytes, next) => {
    next(bytes);
    next(bytes.slice());
  });
}

/** Replies carry the session after their own. */
export function wrongSession(match: Match = {}): Behaviour {
  checkArguments('wrongSession', match, { times: aCount });
  return changed('wrongSession', match, ({ session }) => ({ session: (session + 1) & 0xffff }));
}

/** Replies carry the sequence after their own. */
export function wrongSequence(match: Match = {}): Behaviour {
  checkArguments('wrongSequence', match, { times: aCount });
  return changed('wrongSequence', match, ({ sequence }) => ({ sequence: (sequence + 1) & 0xff }));
}

/** Replies answer another type than the request's: STATUS is answered as CANCEL, anything else as STATUS. */
export function wrongType(match: Match = {}): Behaviour {
  checkArguments('wrongType', match, { times: aCount });
  return changed('wrongType', match, ({ type }) => ({
    type: type === MessageType.STATUS_REPLY ? MessageType.CANCEL_REPLY : MessageType.STATUS_REPLY,
  }));
}

/** One bit in the middle of a reply is flipped on the wire. */
export function corruptReplies(match: Match = {}): Behaviour {
  checkArguments('corruptReplies', match, { times: aCount });
  return onReply('corruptReplies', match, (bytes, next) => {
    const damaged = bytes.slice();
    damaged[damaged.length >>> 1]! ^= 1;
    next(damaged);
  });
}

/** Bytes that mean nothing come before a reply; by default some that end like the start of a frame. */
export function noiseBeforeReplies(
  noise: Uint8Array = Uint8Array.of(0xff, 0x55, 0x00, 0x07, 0x01),
  match: Match = {},
): Behaviour {
  checkArguments('noiseBeforeReplies', match, { noise: anyBytes, times: aCount }, { noise });
  return onReply('noiseBeforeReplies', match, (bytes, next) => {
    next(noise.slice());
    next(bytes);
  });
}

/** Sends replies one byte at a time, `gapMs` milliseconds apart; 0 means without a pause. */
export function stutter(options: Match & { readonly gapMs?: number | undefined } = {}): Behaviour {
  const { gapMs = 0, ...match } = checkArguments('stutter', options, { gapMs: aTime, times: aCount });
  return onReply('stutter', match, (bytes, next, context) => {
    bytes.forEach((byte, at) => {
      const one = Uint8Array.of(byte);
      if (gapMs > 0 && at > 0) context.after(at * gapMs, () => next(one));
      else next(one);
    });
  });
}

/** Requests are refused for `reason` before the device looks at them: nothing is executed, no sequence is used up. */
export function refuse(reason: number, match: Match = {}): Behaviour {
  checkArguments('refuse', match, { reason: aByte, times: aCount }, { reason });
  return onRequest('refuse', match, (frame, context) => {
    context.reply(refusal(frame, reason, PAYMENT_LINK_STATES.indexOf(context.emulator.snapshot.state)));
  });
}

/** The device is unplugged when `bytes` bytes of a reply have left. Once, unless `times` says otherwise. */
export function cutAfter(bytes: number, options: Match = {}): Behaviour {
  const { times = 1, ...match } = checkArguments('cutAfter', options, { bytes: aCount, times: aCount }, { bytes });
  return onReply('cutAfter', { times, ...match }, (reply, next, context) => {
    if (bytes > 0) next(reply.slice(0, bytes));
    context.emulator.unplug();
  });
}

/** The device restarts instead of executing a PAY. Once, unless `times` says otherwise. */
export function restartBeforeExecuting(match: Match = {}): Behaviour {
  const { type = 'PAY', times = 1 } = checkArguments('restartBeforeExecuting', match, { times: aCount });
  return onRequest('restartBeforeExecuting', { type, times }, (_, context) => context.emulator.powerCycle());
}

/** The device restarts when it has executed a PAY, instead of answering. Once, unless `times` says otherwise. */
export function restartAfterExecuting(match: Match = {}): Behaviour {
  const { type = 'PAY', times = 1 } = checkArguments('restartAfterExecuting', match, { times: aCount });
  return onReply('restartAfterExecuting', { type, times }, (_bytes, _next, context) => context.emulator.powerCycle());
}

/** The device is unplugged when it has executed a PAY, instead of answering. Once, unless `times` says otherwise. */
export function unplugAfterExecuting(
  options: Match & { readonly power?: 'kept' | 'lost' | undefined } = {},
): Behaviour {
  const rules = { times: aCount, power: aPower };
  const { type = 'PAY', times = 1, power = 'kept' } = checkArguments('unplugAfterExecuting', options, rules);
  return onReply('unplugAfterExecuting', { type, times }, (_bytes, _next, context) =>
    context.emulator.unplug({ power }),
  );
}

function onRequest(name: string, match: Match, handle: (frame: Frame, context: BehaviourContext) => void): Behaviour {
  const matches = matcher(match);
  return { name, onFrame: (frame, next, context) => (matches(frame) ? handle(frame, context) : next(frame)) };
}

function onReply(name: string, match: Match, handle: Send): Behaviour {
  const matches = matcher(match);
  return { name, onSend: (bytes, next, context) => (matches(context.request) ? handle : pass)(bytes, next, context) };
}

const pass: Send = (bytes, next) => next(bytes);

/**
 * Encodes the frame again with another header and a right CRC. A frame that another behaviour has damaged passes
 * unchanged.
 */
function changed(name: string, match: Match, change: (frame: Frame) => Partial<FrameParts>): Behaviour {
  return onReply(name, match, (bytes, next) => {
    const frame = frameOf(bytes);
    if (!frame) return next(bytes);
    const { type, session, sequence, payload } = frame;
    next(encodeFrame({ type, session, sequence, payload, ...change(frame) }));
  });
}

/** Says whether a message is meant, and counts. The device's own LINK has no request. */
function matcher({ type, times = Number.POSITIVE_INFINITY }: Match): (request: Frame | undefined) => boolean {
  let left = times;
  return (request) => {
    const meant = request ? type === undefined || request.type === MessageType[type] : type === 'LINK';
    return meant && left-- > 0;
  };
}
