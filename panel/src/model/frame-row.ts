import type { EmulatorEvent } from '@bluetap/emulator';
import type { Message } from '@bluetap/protocol';
import { decodeWire, describeReason, FIELDS } from '@bluetap/protocol/tools';
import type { Fact, FrameRow } from './row.js';

/** The data of a row that do not come from its frame. */
export interface RowPlace {
  readonly key: number;
  readonly time: string;
}

type FrameEvent = Extract<EmulatorEvent, { event: 'message' | 'frame' }>;

/** Makes the row of a frame that the device received or sent. */
export function frameRow(event: FrameEvent, { key, time }: RowPlace): FrameRow {
  const { frameNumber, direction, connection, wire } = event;
  const row = {
    kind: 'frame',
    key,
    time,
    frameNumber,
    direction,
    connection,
    wire,
    notes: [],
    stopped: false,
  } as const;
  if (event.event === 'message') return { ...row, ...messageParts(event.message) };
  const { type, session, sequence, problem } = event;
  const title = `type 0x${type.toString(16).padStart(2, '0')}`;
  const facts = [{ name: 'not a message', value: problem.replaceAll('-', ' ') }];
  return { ...row, title, session, sequence, facts };
}

/** The data of an answer that a behaviour gave. */
export interface AnswerFrame {
  readonly frameNumber: number;
  readonly connection: string;
  /** The wire bytes in hex. */
  readonly wire: string;
}

/** Makes the row of an answer that a behaviour gave instead of the device. */
export function answerRow(answer: AnswerFrame, { key, time }: RowPlace): FrameRow {
  const row = { kind: 'frame', key, time, direction: 'out', notes: [], stopped: false, ...answer } as const;
  const [decoded] = decodeWire(bytesOf(answer.wire));
  if (decoded?.ok) return { ...row, ...messageParts(decoded.message) };
  const facts = decoded ? [{ name: 'not a message', value: decoded.error.code.replaceAll('-', ' ') }] : [];
  return { ...row, title: 'bytes', session: 0, sequence: 0, facts };
}

/** The parts of a row that come from its message. */
function messageParts(
  message: Message,
): Pick<FrameRow, 'title' | 'session' | 'sequence' | 'result' | 'facts' | 'message'> {
  const { type, session, sequence } = message;
  const title = type.endsWith('_REPLY') ? `${type.slice(0, -'_REPLY'.length)} reply` : type;
  const result = 'result' in message ? message.result : undefined;
  return { title, session, sequence, result, facts: factsOf(message), message };
}

/** The fields of a message in wire order, without its result. */
function factsOf(message: Message): readonly Fact[] {
  const values = message as unknown as Readonly<Record<string, unknown>>;
  return FIELDS.flatMap(({ name, property }) => {
    const value = values[property];
    if (value === undefined || property === 'result') return [];
    return [
      property === 'simulated' ? { name: 'simulated', value: 'yes' } : { name, value: factText(property, value) },
    ];
  });
}

function factText(property: string, value: unknown): string {
  if (property === 'reason') return `${value}, ${describeReason(value as number)}`;
  if (property === 'bootId' || property === 'nonce') return hex8(value as number);
  // A command by session and sequence, or a payment link by state and taps.
  return typeof value === 'object' && value !== null ? Object.values(value).join('/') : String(value);
}

/** A number of 32 bits as eight hex digits in two groups. */
export function hex8(value: number): string {
  return value
    .toString(16)
    .padStart(8, '0')
    .toUpperCase()
    .replace(/^(.{4})/, '$1 ');
}

/** The bytes of a string of hex digits. */
export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
