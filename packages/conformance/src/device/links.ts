import type { PaymentLinkState } from '@bluetap/protocol';
import { describe } from './describe.js';
import { must } from './outcomes.js';
import type { RawLine } from './raw-line.js';
import type { RawSession } from './raw-session.js';

/** How long a run waits for a LINK after its cause, in milliseconds. */
const LINK_MS = 1500;

/** The time after which a payment link of one second is over, also on a slow device, in milliseconds. */
const EXPIRED_MS = 1900;

/** What a LINK must say. */
export interface WantedLink {
  readonly sequence: number;
  readonly state: PaymentLinkState;
  readonly taps?: number | undefined;
  /** Absent if the payment link has no order id. */
  readonly orderId?: string | undefined;
}

/**
 * Waits for the LINK of a session.
 * @param ms How long to wait, from now.
 * @throws Mismatch if another one comes, or none. DeviceGone, RunEnded
 */
export async function expectLink(
  session: RawSession,
  { sequence, state, taps = 0, orderId }: WantedLink,
  ms = LINK_MS,
): Promise<void> {
  const received = await session.line.nextLink(ms);
  const expected = `LINK ${sequence} of session ${session.number} with state ${state}, taps ${taps}, ${orderId === undefined ? 'without order id' : `order id ${orderId}`}`;
  must(received !== undefined, `no LINK came within ${Math.round(ms)} ms`, expected);
  const { frame, decoded } = received!;
  const message = decoded.ok && decoded.message.type === 'LINK' ? decoded.message : undefined;
  const right =
    frame.session === session.number &&
    frame.sequence === sequence &&
    message?.state === state &&
    (message.taps ?? 0) === taps &&
    message.orderId === orderId;
  must(right, describe(received), expected);
}

/** @throws Mismatch if a LINK came on this connection, or comes within `ms` milliseconds. DeviceGone, RunEnded */
export async function expectNoLink(line: RawLine, ms: number, why: string): Promise<void> {
  const received = await line.nextLink(ms);
  must(received === undefined, describe(received), `no LINK: ${why}`);
}

/** Waits until a payment link of one second is over: until its LINK comes, or long enough. @throws DeviceGone, RunEnded */
export async function awaitExpiry(session: RawSession): Promise<void> {
  await session.line.nextLink(EXPIRED_MS);
}
