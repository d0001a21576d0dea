import type { Behaviour } from '@bluetap/emulator';
import {
  type CancelAccepted,
  type CommandId,
  decodeMessage,
  encodeMessage,
  type Frame,
  FrameDecoder,
  type HelloAccepted,
  type Message,
  MessageType,
  type PayAccepted,
  Reason,
} from '@bluetap/protocol';
import type { Random } from '@bluetap/testing';
import type { Lie } from './script.js';

/** How many sessions before the last command no host of the simulation had one. */
const LONG_AGO = 30_000;

/** Returns the behaviour of a device that contradicts itself. @param hit Called each time that it does. */
export function lie(kind: Lie, random: Random, hit: () => void): Behaviour {
  if (kind === 'false-hello') return falseHello(random, hit);
  if (kind === 'false-link') return falseLink(hit);
  const change = { 'false-reply': falseReply, 'used-session': usedSession, 'fewer-taps': fewerTaps }[kind];
  return onMessage(kind, (message, next) => {
    const changed = change(message);
    if (changed) hit();
    next(changed ?? message);
  });
}

/** The reply to a command says two things that cannot both be true. */
function falseReply(message: Message): Message | undefined {
  if (message.type === 'CANCEL_REPLY' && message.result === 'SUCCESS') return { ...message, state: 'ready' };
  if (message.type !== 'PAY_REPLY') return undefined;
  if (message.result === 'SUCCESS') return { ...(message as PayAccepted), state: 'expired', remaining: 5 };
  const { type, session, sequence } = message;
  return { type, session, sequence, result: 'PROCESS_FAIL', reason: Reason.NFC_FAULT, state: 'ready' };
}

/** The new session has the number of the session of the last command. */
function usedSession(message: Message): Message | undefined {
  const hello = accepted(message);
  return hello?.lastCommand && { ...hello, session: hello.lastCommand.session };
}

/** The payment link that CANCEL ended was read, and its reply says that it was not. */
function fewerTaps(message: Message): Message | undefined {
  return message.type === 'CANCEL_REPLY' && message.result === 'SUCCESS' && (message as CancelAccepted).taps
    ? { ...message, taps: 0 }
    : undefined;
}

/** A payment link is over, and then a LINK says that it is live. */
function falseLink(hit: () => void): Behaviour {
  return onMessage('false-link', (message, next) => {
    next(message);
    if (message.type !== 'LINK' || message.state === 'ready') return;
    hit();
    next({ ...message, sequence: (message.sequence % 255) + 1, state: 'ready' });
  });
}

/** Replies to commands are lost, and the reply to the HELLO that asks says of the command what cannot be true. */
function falseHello(random: Random, hit: () => void): Behaviour {
  const says = random.pick([forgets, wakes, remembers, takesForCommand]);
  let asked: CommandId | undefined;
  return onMessage('false-hello', (message, next, request) => {
    if (request?.type === MessageType.STATUS) asked = { session: request.session, sequence: request.sequence };
    if (request?.type === MessageType.PAY || request?.type === MessageType.CANCEL) {
      if (random.chance(0.2)) next(message);
      return;
    }
    const hello = accepted(message);
    if (hello) hit();
    next(hello ? { ...hello, ...says(hello, asked) } : message);
  });
}

type HelloLie = (hello: HelloAccepted, asked: CommandId | undefined) => Partial<HelloAccepted>;

/** It has executed nothing since its start, and shows a payment link. */
const forgets: HelloLie = () => ({ state: 'ready', lastCommand: undefined });

/** The payment link that the last command ended is live. */
const wakes: HelloLie = ({ state }) => (state === 'cancelled' ? { state: 'ready' } : {});

/** The last command is of a session in which it cannot have been the last. */
const remembers: HelloLie = ({ lastCommand }) => (lastCommand ? { lastCommand: longAgo(lastCommand) } : {});

/** The last command is a STATUS before it. @param asked The latest STATUS. */
const takesForCommand: HelloLie = ({ lastCommand }, asked) =>
  asked && asked.session === lastCommand?.session && asked.sequence < lastCommand.sequence
    ? { lastCommand: asked }
    : {};

function longAgo({ session, sequence }: CommandId): CommandId {
  return { session: session > LONG_AGO ? session - LONG_AGO : session + 0xffff - LONG_AGO, sequence };
}

function accepted(message: Message): HelloAccepted | undefined {
  return message.type === 'HELLO_REPLY' && message.result === 'SUCCESS' ? (message as HelloAccepted) : undefined;
}

/** Changes the messages of the device, before they leave. */
function onMessage(
  name: string,
  change: (message: Message, next: (message: Message) => void, request: Frame | undefined) => void,
): Behaviour {
  return {
    name,
    onSend: (bytes, next, { request }) => {
      new FrameDecoder({
        onFrame: (frame) => {
          const decoded = decodeMessage(frame);
          if (decoded.ok) change(decoded.message, (message) => next(encodeMessage(message)), request);
          else next(bytes);
        },
      }).push(bytes);
    },
  };
}
