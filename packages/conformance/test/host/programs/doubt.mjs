// @ts-nocheck: plain JavaScript, as a host of somebody else, who has no types of this project.
// The tables of docs/protocol.md section 4: what a refusal means, and what became of a command in doubt.
import { CANCEL, HELLO, PAY, REPLY } from './messages.mjs';
import { makes } from './mistake.mjs';

const SESSIONS = 65535;

export const same = (a, b) => a?.session === b?.session && a?.sequence === b?.sequence;

/** True if a reply to a command contradicts itself. */
export function isFalse({ type, result, reason, state, remaining }) {
  if (makes('believes-replies')) return false;
  if (type === (CANCEL | REPLY)) return result === 'SUCCESS' && state === 'ready';
  if (type !== (PAY | REPLY)) return false;
  return result === 'SUCCESS' ? state !== 'ready' && remaining > 0 : reason === 6 && state === 'ready';
}

/** True if a reply to HELLO opens a session whose number was used before. */
export function isUsed({ type, session, serialNumber, bootId, lastCommand }, earlier) {
  if (type !== (HELLO | REPLY) || makes('believes-hello')) return false;
  const before = earlier
    .slice(-16)
    .some((each) => each.session === session && each.serialNumber === serialNumber && each.bootId === bootId);
  return before || lastCommand?.session === session;
}

const stepsTo = (session, from) => (session - from + SESSIONS) % SESSIONS;

/** True if the reply to the HELLO that asks about a command contradicts itself. */
function contradicts(doubt, hello) {
  const { lastCommand: last, state } = hello;
  const known = doubt.last && same(last, doubt.last);
  if (makes('believes-doubts') || hello.serialNumber !== doubt.serialNumber) return false;
  if (!last && state !== 'idle') return true;
  if (hello.bootId !== doubt.bootId) return state === 'ready';
  if (!last) return doubt.last !== undefined;
  if (last.session !== doubt.session) {
    return !known && stepsTo(last.session, doubt.session) > stepsTo(hello.session, doubt.session);
  }
  if (last.sequence === doubt.sequence) return doubt.type === CANCEL && state === 'ready';
  return last.sequence < doubt.sequence && !known;
}

/** The outcome of a command in doubt, from the reply to the HELLO that asks. */
export function settle(doubt, hello) {
  const ready = hello.state === 'ready';
  const shown = { state: hello.state, taps: hello.taps ?? 0 };
  const unknown = (linkLive) => ({ code: 'UNKNOWN_EXCEPTION', outcome: 'unknown', linkLive, pending: false, ...shown });
  if (contradicts(doubt, hello)) return unknown(ready ? 'unknown' : 'no');
  if (hello.serialNumber !== doubt.serialNumber && !makes('ignores-serial-number')) {
    return { code: 'DEVICE_DISCONNECTED', outcome: 'unknown', linkLive: 'unknown', pending: true };
  }
  const otherLink = doubt.type === CANCEL && ready ? 'unknown' : 'no';
  if (hello.bootId !== doubt.bootId && !makes('ignores-boot-id')) return unknown(otherLink);
  if (same(hello.lastCommand, doubt)) {
    const live = doubt.type === PAY && (ready || makes('executed-is-live')) ? 'yes' : 'no';
    return { code: 'SUCCESS', outcome: 'executed', linkLive: live, pending: false, ...shown };
  }
  const isLast = makes('none-is-unknown')
    ? doubt.last && same(hello.lastCommand, doubt.last)
    : same(hello.lastCommand, doubt.last);
  if (!isLast && !makes('other-is-not-executed'))
    return unknown(makes('other-is-unknown-link') ? 'unknown' : otherLink);
  return {
    code: 'PROCESS_FAIL',
    outcome: 'not-executed',
    linkLive: linkNotExecuted(doubt, ready),
    pending: false,
    ...shown,
  };
}

function linkNotExecuted(doubt, ready) {
  if (doubt.type === PAY || !ready) return 'no';
  return doubt.orderId === undefined || makes('one-order-is-live') ? 'yes' : 'unknown';
}

/** The facts of a refusal that is about the command. */
export function refusal(command, { result, reason, state }) {
  const ofTheCopy = reason === 4 || reason === 10;
  let linkLive = 'no';
  if (command.type === CANCEL && ofTheCopy) linkLive = makes('refused-cancel-is-known') ? 'yes' : 'unknown';
  else if (command.type === CANCEL && state === 'ready' && reason !== 5) {
    linkLive = command.orderId === undefined ? 'yes' : 'unknown';
  }
  return { code: result, outcome: 'refused', linkLive, pending: false, state, error: { reason } };
}
