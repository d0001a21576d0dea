import { describeReason, PAYMENT_LINK_STATES, tagOf, WIRE_RESULTS } from '@bluetap/protocol/tools';
import { fieldValue, hex, nameOfType, tagsOf } from './frames.js';
import type { Received } from './reply-splitter.js';

/** The three values of a refusal, as numbers of the wire. */
export interface RefusalValues {
  readonly result: number;
  readonly reason: number;
  readonly state: number;
}

/** Reads a refusal of any type. Undefined if the payload is not exactly result, reason and state. */
export function readRefusal(payload: Uint8Array): RefusalValues | undefined {
  const tags = [tagOf('result'), tagOf('reason'), tagOf('state')];
  if (payload.length !== 9 || tags.some((tag, at) => payload[at * 3] !== tag || payload[at * 3 + 1] !== 1)) {
    return undefined;
  }
  return { result: payload[2]!, reason: payload[5]!, state: payload[8]! };
}

/** Says what came, in words: "PAY reply 3 of session 7: SUCCESS, state ready, remaining 30". */
export function describe(received: Received | undefined): string {
  if (!received) return 'no answer';
  const { frame } = received;
  const name = `${nameOfType(frame.type)} ${frame.sequence} of session ${frame.session}`;
  return `${name}: ${describeBody(received)}`;
}

/** Says what a frame contains, without its header. */
export function describeBody({ frame, decoded }: Received): string {
  const refusal = readRefusal(frame.payload);
  if (refusal) {
    const { result, reason, state } = refusal;
    return `${nameOf(WIRE_RESULTS, result)}, reason ${reason} (${describeReason(reason)}), state ${nameOf(PAYMENT_LINK_STATES, state)}`;
  }
  if (!decoded.ok) {
    return `unreadable, ${describeReason(decoded.reason)}: payload ${hex(frame.payload) || 'empty'}`;
  }
  const { type: _, session, sequence, ...fields } = decoded.message;
  const words = Object.entries(fields).map(([name, value]) => {
    if (name === 'result') return String(value);
    return `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`;
  });
  return words.join(', ');
}

/** The sentences about defaults that the device wrote out. R-7. */
export function writtenDefaults({ frame, decoded }: Received): string[] {
  if (!decoded.ok) return [];
  const found: string[] = [];
  for (const field of ['taps', 'flags'] as const) {
    if (!tagsOf(frame.payload).includes(tagOf(field))) continue;
    if (fieldValue(frame.payload, tagOf(field))?.[0] !== 0) continue;
    found.push(`${nameOfType(frame.type)} has ${field} 0 written out: a sender leaves a default out (R-7)`);
  }
  return found;
}

function nameOf(names: readonly string[], value: number): string {
  return names[value] ?? String(value);
}
