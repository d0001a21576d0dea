import type { Behaviour, RequestType } from '@bluetap/emulator';
import { encodeMessage, type Message, MessageType } from '@bluetap/protocol';
import { messageIn, onReply, onRequest } from '../device/edits.js';
import { isHostName, type StagedDevice } from '../device/staged-device.js';
import { ORDER } from './calls.js';

/** The first `count` replies to requests of a type do not reach the host. @param then Called at the last of them. */
export function loseRepliesTo(type: RequestType, count: number, then: () => void = () => {}): Behaviour {
  return onReply(type, (bytes, number, next) => {
    if (number > count) next(bytes);
    else if (number === count) then();
  });
}

/** From the first reply to a request of a type on, nothing reaches the host, whatever it asks. */
export function loseRepliesFrom(type: RequestType): Behaviour {
  let silent = false;
  return {
    name: `situation: silent from ${type}`,
    onSend: (bytes, next, { request, connection }) => {
      if (!isHostName(connection)) return next(bytes);
      silent ||= request?.type === MessageType[type];
      if (!silent) next(bytes);
    },
  };
}

/** The first `count` requests of a type do not reach the device. @param then Called at the last of them. */
export function loseRequestsOf(type: RequestType, count: number, then: () => void = () => {}): Behaviour {
  return onRequest(type, (frame, number, next) => {
    if (number > count) next(frame);
    else if (number === count) then();
  });
}

/** Sends other messages in the place of the first reply of a type. */
export function insteadOfFirst(type: RequestType, change: (reply: Message) => readonly Message[]): Behaviour {
  return onReply(type, (bytes, number, next) => {
    const reply = messageIn(bytes);
    if (number > 1 || !reply) next(bytes);
    else for (const message of change(reply)) next(encodeMessage(message));
  });
}

/** Sends other bytes in the place of the first reply of a type. */
export function bytesInsteadOfFirst(type: RequestType, change: (reply: Uint8Array) => Uint8Array): Behaviour {
  return onReply(type, (bytes, number, next) => next(number === 1 ? change(bytes) : bytes));
}

/** A payment link of the order is live. Another host has shown it, and has gone. */
export function showPaymentLink(device: StagedDevice, orderId: string = ORDER): void {
  device.otherHost().hello().pay({ orderId }).leave();
}
