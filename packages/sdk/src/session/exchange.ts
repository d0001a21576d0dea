import {
  encodeMessage,
  type HelloAccepted,
  type HelloReply,
  type Message,
  type Refused,
  type Reply,
  type Request,
} from '@bluetap/protocol';
import type { Scope } from '../common/scope.js';
import type { FrameChannel, Question } from './frame-channel.js';
import { nonceFrom } from './nonce.js';
import { COPIES, HELLO_TRIES } from './timing.js';

/**
 * Sends a request, and repeats the same bytes while no reply comes: three copies, one second each. The device executes
 * them once, because their sequence number is the same. docs/protocol.md section 4.
 * @param onCopy Called before each copy, so that the caller knows how many copies may have left.
 * @returns The reply, or undefined if none came.
 * @throws TransportError if the channel is lost, or the scope's reason.
 */
export async function exchange(
  channel: FrameChannel,
  request: Exclude<Request, { type: 'HELLO' }>,
  onCopy: () => void,
  scope: Scope,
): Promise<Reply | undefined> {
  const { session, sequence } = request;
  const replyType = `${request.type}_REPLY`;
  const matches: Question['matches'] = (message) =>
    message.type === replyType && message.session === session && message.sequence === sequence;
  const question = { bytes: encodeMessage(request), matches };
  for (let copy = 0; copy < COPIES; copy++) {
    const reply = await channel.ask(question, scope, onCopy);
    if (reply) return reply;
  }
  return undefined;
}

/**
 * Opens a session. Each try has a new nonce, and only the reply to the newest HELLO counts.
 * @returns The device's reply, or undefined if none came.
 * @throws TransportError if the channel is lost, or the scope's reason.
 */
export async function exchangeHello(
  channel: FrameChannel,
  random: () => number,
  scope: Scope,
): Promise<HelloReply | undefined> {
  let last: number | undefined;
  for (let tried = 0; tried < HELLO_TRIES; tried++) {
    let nonce = nonceFrom(random);
    if (nonce === last) nonce = (nonce + 1) >>> 0;
    last = nonce;
    const question: Question = {
      bytes: encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce }),
      matches: (message) => answersHello(message, nonce),
    };
    const reply = await channel.ask(question, scope);
    if (reply) return reply as HelloReply;
  }
  return undefined;
}

function answersHello(message: Message, nonce: number): boolean {
  if (message.type !== 'HELLO_REPLY' || message.sequence !== 0) return false;
  // A refusal has no nonce, so it counts as the reply to the newest HELLO.
  if (message.result !== 'SUCCESS') return (message as Refused).session === 0;
  return (message as HelloAccepted).nonce === nonce && message.session !== 0;
}
