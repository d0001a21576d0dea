import { type Behaviour, delayReplies, duplicateReplies, refuse, silent, wrongType } from '@bluetap/emulator';
import { type Frame, FrameDecoder, MessageType } from '@bluetap/protocol';
import { encodeFrame } from '@bluetap/protocol/tools';
import type { Random } from '@bluetap/testing';
import { lie } from './lies.js';
import { type DeviceFault, LIES, type Lie } from './script.js';

/**
 * Returns the behaviour of a device with a fault.
 * @param hit Called each time that the fault acts.
 */
export function deviceFault(fault: DeviceFault, random: Random, hit: () => void): Behaviour {
  if (isLie(fault)) return lie(fault, random, hit);
  const { onFrame, onSend } = behaviourOf(fault, random);
  return {
    name: fault,
    ...(onFrame && {
      onFrame: (frame, next, context) => {
        hit();
        onFrame(frame, next, context);
      },
    }),
    ...(onSend && {
      onSend: (bytes, next, context) => {
        hit();
        onSend(bytes, next, context);
      },
    }),
  };
}

function isLie(fault: DeviceFault): fault is Lie {
  return (LIES as readonly DeviceFault[]).includes(fault);
}

function behaviourOf(fault: Exclude<DeviceFault, Lie>, random: Random): Behaviour {
  switch (fault) {
    case 'late':
      return delayReplies(random.pick([400, 900, 1500, 2500]));
    case 'twice':
      return duplicateReplies();
    case 'wrong-session':
      return misnumbered(({ session }) => ({ session: session ^ 0x4000 }));
    case 'wrong-sequence':
      return misnumbered(({ sequence }) => ({ sequence: sequence ^ 0x80 }));
    case 'wrong-type':
      return wrongType();
    case 'mute':
      return silent();
    case 'no-such-session':
      return refuse(4);
    case 'sequence-used':
      return refuse(10);
    case 'refused-after-loss':
      return refusedAfterLoss(random.pick([4, 10]));
    case 'foreign-refusal':
      return foreignRefusal();
    case 'links-lost':
      return onLink((bytes, next) => {
        if (random.chance(0.6)) next(bytes);
      });
    case 'links-twice':
      return onLink((bytes, next) => {
        next(bytes);
        next(bytes.slice());
      });
  }
}

/** Executes the first request and loses its reply. Refuses what follows, so the refusal is about another copy. */
function refusedAfterLoss(reason: number): Behaviour {
  const refused = refuse(reason);
  let step: 'first' | 'reply' | 'refuses' = 'first';
  return {
    name: 'refusedAfterLoss',
    onFrame: (frame, next, context) => {
      const isCommand = frame.type === MessageType.PAY || frame.type === MessageType.CANCEL;
      if (step === 'refuses' && isCommand) return refused.onFrame?.(frame, next, context);
      if (isCommand) step = 'reply';
      next(frame);
    },
    onSend: (bytes, next, { request }) => {
      if (step !== 'reply' || !request) return next(bytes);
      step = 'refuses';
    },
  };
}

/** Before its reply to HELLO, the device sends a refusal of HELLO that names a session. No host may believe it. */
function foreignRefusal(): Behaviour {
  const payload = Uint8Array.of(0x10, 1, 3, 0x11, 1, 11, 0x12, 1, 0);
  const refusal = encodeFrame({ type: MessageType.HELLO_REPLY, session: 7, sequence: 0, payload });
  return {
    name: 'foreignRefusal',
    onFrame: (frame, next, { reply }) => {
      if (frame.type === MessageType.HELLO) reply(refusal.slice());
      next(frame);
    },
  };
}

/** Changes the messages that answer no request. */
function onLink(change: (bytes: Uint8Array, next: (bytes: Uint8Array) => void) => void): Behaviour {
  return {
    name: 'onLink',
    onSend: (bytes, next, { request }) => (request ? next(bytes) : change(bytes, next)),
  };
}

/**
 * Sends replies with numbers that are far from the correct number. The next number could belong to another POS program,
 * and then no host could distinguish the two replies. The reply to HELLO is not changed: it contains the session number,
 * so a wrong number there would simply be the number of the session.
 */
function misnumbered(change: (frame: Frame) => { session?: number; sequence?: number }): Behaviour {
  return {
    name: 'misnumbered',
    onSend: (bytes, next, { request }) => {
      if (!request || request.type === MessageType.HELLO) return next(bytes);
      new FrameDecoder({
        onFrame: (frame) => {
          const { type, session, sequence } = frame;
          next(encodeFrame({ type, session, sequence, payload: frame.payload, ...change(frame) }));
        },
      }).push(bytes);
    },
  };
}
