import type { Behaviour, BehaviourContext, RequestType } from '@bluetap/emulator';
import {
  decodeMessage,
  encodeMessage,
  type Frame,
  FrameDecoder,
  type HelloAccepted,
  type Message,
  MessageType,
} from '@bluetap/protocol';
import { encodeFrame } from '@bluetap/protocol/tools';
import { isHostName } from './staged-device.js';

/** What a behaviour of a situation does with one message. `number` counts the messages of its type from 1. */
export type Handle<Value> = (
  value: Value,
  number: number,
  next: (value: Value) => void,
  context: BehaviourContext,
) => void;

/** Handles the requests of one type that the host under test sends, before the device sees them. */
export function onRequest(type: RequestType, handle: Handle<Frame>): Behaviour {
  let count = 0;
  return {
    name: `situation: ${type}`,
    onFrame: (frame, next, context) => {
      if (frame.type !== MessageType[type] || !isHostName(context.connection)) next(frame);
      else handle(frame, ++count, next, context);
    },
  };
}

/** Handles the replies to the requests of one type of the host under test, before they leave. */
export function onReply(type: RequestType, handle: Handle<Uint8Array>): Behaviour {
  let count = 0;
  return {
    name: `situation: reply to ${type}`,
    onSend: (bytes, next, context) => {
      if (context.request?.type !== MessageType[type] || !isHostName(context.connection)) next(bytes);
      else handle(bytes, ++count, next, context);
    },
  };
}

/**
 * Changes the reply to one HELLO.
 * @param which 1 is the first HELLO of the host. `later`: every HELLO but the first.
 */
export function editHello(
  which: number | 'later',
  change: (reply: HelloAccepted) => Partial<HelloAccepted>,
): Behaviour {
  return onReply('HELLO', (bytes, number, next) => {
    const message = messageIn(bytes);
    const wanted = which === 'later' ? number > 1 : number === which;
    if (!wanted || message?.type !== 'HELLO_REPLY' || message.result !== 'SUCCESS') return next(bytes);
    next(encodeMessage({ ...message, ...change(message) }));
  });
}

/** Changes the payload of one reply, byte for byte. */
export function editPayload(type: RequestType, which: number, change: (payload: Uint8Array) => Uint8Array): Behaviour {
  return onReply(type, (bytes, number, next) => {
    const frame = frameIn(bytes);
    next(number === which && frame ? encodeFrame({ ...frame, payload: change(frame.payload) }) : bytes);
  });
}

/** The frame in wire bytes, or undefined if there is no whole frame. */
export function frameIn(wire: Uint8Array): Frame | undefined {
  let found: Frame | undefined;
  new FrameDecoder({
    onFrame: (frame) => {
      found = frame;
    },
  }).push(wire);
  return found;
}

/** The message in wire bytes, or undefined if there is none. */
export function messageIn(wire: Uint8Array): Message | undefined {
  const frame = frameIn(wire);
  const decoded = frame && decodeMessage(frame);
  return decoded?.ok ? decoded.message : undefined;
}
