import type { FieldTitle } from './fields.js';

/** A field of a message, by its name in docs/protocol.md. With `?` it may be absent. */
export type FieldOf = FieldTitle | `${FieldTitle}?`;

/** A row of the table of messages. */
export interface MessageRow {
  /** The type byte. */
  readonly type: number;
  /** Its name in programs and vectors. */
  readonly name: string;
  /** Who sends it. */
  readonly from: 'host' | 'device';
  /** The fields; in a reply, those of one whose result is SUCCESS. */
  readonly fields: readonly FieldOf[];
  /** Further fields of a success: it has them if its state is ready, and never in another state. */
  readonly whenReady?: readonly FieldOf[] | undefined;
}

/** docs/protocol.md section 3, "Messages": the same rows in the same order. */
// biome-ignore format: a table
const ROWS = [
  { type: 0x01, name: 'HELLO', from: 'host', fields: ['nonce'] },
  { type: 0x81, name: 'HELLO_REPLY', from: 'device', fields: ['result', 'state', 'taps?', 'nonce', 'model', 'firmware', 'serial number', 'boot id', 'flags?', 'last command?'] },
  { type: 0x02, name: 'PAY', from: 'host', fields: ['payment method', 'amount?', 'order id?', 'expiry time?'] },
  { type: 0x82, name: 'PAY_REPLY', from: 'device', fields: ['result', 'state', 'remaining'] },
  { type: 0x03, name: 'CANCEL', from: 'host', fields: ['order id?'] },
  { type: 0x83, name: 'CANCEL_REPLY', from: 'device', fields: ['result', 'state', 'taps?'] },
  { type: 0x04, name: 'STATUS', from: 'host', fields: [] },
  { type: 0x84, name: 'STATUS_REPLY', from: 'device', fields: ['result', 'state', 'taps?'], whenReady: ['remaining', 'payment method', 'amount?', 'order id?'] },
  { type: 0x41, name: 'LINK', from: 'device', fields: ['state', 'taps?', 'order id?'] },
] as const satisfies readonly MessageRow[];

/** The rows with their very fields, for types that are made from them. */
export type MessageRows = (typeof ROWS)[number];

/** The same rows for programs that make something from them. */
export const MESSAGES: readonly (MessageRow & {
  /** Its name in programs and vectors. */
  readonly name: MessageTypeName;
})[] = ROWS;

/** A refusal of any request has exactly these, whatever the fields of its type are. */
export const REFUSAL = ['result', 'reason', 'state'] as const satisfies readonly FieldOf[];

/** The name of a message, as `Message` has it in `type`. */
export type MessageTypeName = (typeof ROWS)[number]['name'];

/** Type bytes, by the names that the vectors use. */
export const MessageType = Object.fromEntries(ROWS.map(({ name, type }) => [name, type])) as {
  /** Opens a session. */
  readonly HELLO: 0x01;
  /** Shows a payment link. */
  readonly PAY: 0x02;
  /** Ends the live payment link. */
  readonly CANCEL: 0x03;
  /** Asks for the present state. */
  readonly STATUS: 0x04;
  /** A device tells of a change that no request caused. */
  readonly LINK: 0x41;
  /** Answers HELLO. */
  readonly HELLO_REPLY: 0x81;
  /** Answers PAY. */
  readonly PAY_REPLY: 0x82;
  /** Answers CANCEL. */
  readonly CANCEL_REPLY: 0x83;
  /** Answers STATUS. */
  readonly STATUS_REPLY: 0x84;
};
