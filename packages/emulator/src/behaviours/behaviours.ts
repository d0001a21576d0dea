import { type Frame, MessageType } from '@bluetap/protocol';
import { encodeFrame, type FrameParts, PAYMENT_LINK_STATES } from '@bluetap/protocol/tools';
import { aByte, aCount, anyBytes, aPower, aTime, checkArguments } from '../contract/check-arguments.js';
import type { Behaviour, BehaviourContext } from '../contract/emulated-device.js';
import { refusal } from '../session/device-sessions.js';
import { frameOf } from '../session/frame-of.js';

/**
 * Ready-made behaviours for tests of a host: `emulator.use(loseReplies(1, { type: 'PAY' }))`. All of them are
 * deterministic. All times are times of the emulator's clock. Each function throws a TypeError that names the argument
 * if an argument is missing or out of range.
 */

/** The name of a request. It selects the request itself, or the reply to it. */
export type RequestType = 'HELLO' | 'PAY' | 'CANCEL' | 'STATUS';

/** Selects the messages that a behaviour changes. All other messages pass unchanged. */
export interface Match {
  /**
   * Default: every request or reply, but not LINK. 'LINK' selects the device's own LINK, in a behaviour that changes
   * what the device sends.
   */
  readonly type?: RequestType | 'LINK' | undefined;
  /**
   * The number of messages that the behaviour changes. After that, it does nothing. Default: all messages, unless the
   * behaviour documents another default.
   */
  readonly times?: number | undefined;
}

type Send = NonNullable<Behaviour['onSend']>;

/** The device sends nothing, and requests do not reach it. */
export function silent(): Behaviour {
  return { name: 'silent', onFrame: () => {}, onSend: () => {} };
}

/** Loses the first `times` requests before they reach the device. The device does not execute them. */
export function ignoreRequests(times: number, match: Pick<Match, 'type'> = {}): Behaviour {
  const { type } = checkArguments('ignoreRequests', match, { times: aCount }, { times });
  return onRequest('ignoreRequests', { times, ...(type && { type }) }, () => {});
}

/** Loses the first `times` replies before they reach the host. The device has executed the requests. */
export function loseReplies(times: number, match: Pick<Match, 'type'> = {}): Behaviour {
  const { type } = checkArguments('loseReplies', match, { times: aCount }, { times });
  return onReply('loseReplies', { times, ...(type && { type }) }, () => {});
}

/** Delays replies by `ms` milliseconds. The device executes the command immediately. */
export function delayReplies(ms: number, match: Match = {}): Behaviour {
  checkArguments('delayReplies', match, { ms: aTime, times: aCount }, { ms });
  return onReply('delayReplies', match, (bytes, next, context) => context.after(ms, () => next(bytes)));
}

/** Sends each reply twice. */
export function duplicateReplies(match: Match = {}): Behaviour {
  checkArguments('duplicateReplies', match, { times: aCount });
  return onReply('duplicateReplies', match, (bytes, next) => {
    next(bytes);
    next(bytes.slice());
  });
}

/** Sends replies with a wrong session: the correct number plus 1. */
export function wrongSession(match: Match = {}): Behaviour {
  checkArguments('wrongSession', match, { times: aCount });
  return changed('wrongSession', match, ({ session }) => ({ session: (session + 1) & 0xffff }));
}

/** Sends replies with a wrong sequence: the correct number plus 1. */
export function wrongSequence(match: Match = {}): Behaviour {
  checkArguments('wrongSequence', match, { times: aCount });
  return changed('wrongSequence', match, ({ sequence }) => ({ sequence: (sequence + 1) & 0xff }));
}

/**
 * Sends replies of a wrong type. The reply to a STATUS becomes a CANCEL reply; any other reply becomes a STATUS reply.
 */
export function wrongType(match: Match = {}): Behaviour {
  checkArguments('wrongType', match, { times: aCount });
  return changed('wrongType', match, ({ type }) => ({
    type: type === MessageType.STATUS_REPLY ? MessageType.CANCEL_REPLY : MessageType.STATUS_REPLY,
  }));
}

/** Flips one bit in the middle of a reply. */
export function corruptReplies(match: Match = {}): Behaviour {
  checkArguments('corruptReplies', match, { times: aCount });
  return onReply('corruptReplies', match, (bytes, next) => {
    const damaged = bytes.slice();
    damaged[damaged.length >>> 1]! ^= 1;
    next(damaged);
  });
}

/** Sends meaningless bytes before a reply. The default bytes end like the start of a frame. */
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

/** Sends replies one byte at a time, `gapMs` milliseconds apart. 0 means without a pause. */
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

/**
 * Refuses requests with `reason` before they reach the device. The device executes nothing and uses no sequence number.
 */
export function refuse(reason: number, match: Match = {}): Behaviour {
  checkArguments('refuse', match, { reason: aByte, times: aCount }, { reason });
  return onRequest('refuse', match, (frame, context) => {
    context.reply(refusal(frame, reason, PAYMENT_LINK_STATES.indexOf(context.emulator.snapshot.state)));
  });
}

/** Unplugs the device after it has sent `bytes` bytes of a reply. Does this once, unless `times` is given. */
export function cutAfter(bytes: number, options: Match = {}): Behaviour {
  const { times = 1, ...match } = checkArguments('cutAfter', options, { bytes: aCount, times: aCount }, { bytes });
  return onReply('cutAfter', { times, ...match }, (reply, next, context) => {
    if (bytes > 0) next(reply.slice(0, bytes));
    context.emulator.unplug();
  });
}

/** Restarts the device instead of executing a PAY. Does this once, unless `times` is given. */
export function restartBeforeExecuting(match: Match = {}): Behaviour {
  const { type = 'PAY', times = 1 } = checkArguments('restartBeforeExecuting', match, { times: aCount });
  return onRequest('restartBeforeExecuting', { type, times }, (_, context) => context.emulator.powerCycle());
}

/**
 * Restarts the device after it has executed a PAY, instead of sending the reply. Does this once, unless `times` is
 * given.
 */
export function restartAfterExecuting(match: Match = {}): Behaviour {
  const { type = 'PAY', times = 1 } = checkArguments('restartAfterExecuting', match, { times: aCount });
  return onReply('restartAfterExecuting', { type, times }, (_bytes, _next, context) => context.emulator.powerCycle());
}

/**
 * Unplugs the device after it has executed a PAY, instead of sending the reply. Does this once, unless `times` is
 * given.
 */
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
  const matcher = new Matcher(match);
  return {
    name,
    get left() {
      return matcher.left;
    },
    onFrame: (frame, next, context) => (matcher.matches(frame) ? handle(frame, context) : next(frame)),
  };
}

function onReply(name: string, match: Match, handle: Send): Behaviour {
  const matcher = new Matcher(match);
  return {
    name,
    get left() {
      return matcher.left;
    },
    onSend: (bytes, next, context) => (matcher.matches(context.request) ? handle : pass)(bytes, next, context),
  };
}

const pass: Send = (bytes, next) => next(bytes);

/**
 * Encodes the frame again with a changed header and a correct CRC. A frame that another behaviour has damaged passes
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

/** Selects the messages that a behaviour changes, and counts them. */
class Matcher {
  readonly #type: Match['type'];
  #left: number;

  constructor({ type, times = Number.POSITIVE_INFINITY }: Match) {
    this.#type = type;
    this.#left = times;
  }

  /** The number of messages that it will still select; undefined if there is no limit. */
  get left(): number | undefined {
    return this.#left === Number.POSITIVE_INFINITY ? undefined : this.#left;
  }

  /** True if the message is selected. The device's own LINK has no request. */
  matches(request: Frame | undefined): boolean {
    const type = this.#type;
    const meant = request ? type === undefined || request.type === MessageType[type] : type === 'LINK';
    if (!meant || this.#left === 0) return false;
    this.#left--;
    return true;
  }
}
