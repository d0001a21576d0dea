import type { FieldTitle } from './fields.js';

/** A field of a message, by its name in docs/protocol.md. A `?` at the end means that the field is optional. */
export type FieldOf = FieldTitle | `${FieldTitle}?`;

/** A row of the message table. */
export interface MessageRow {
  /** The type byte. */
  readonly type: number;
  /** The name of the message in programs and vectors. */
  readonly name: string;
  /** The sender of the message. */
  readonly from: 'host' | 'device';
  /** The fields of a request or an event, or of a reply with the result SUCCESS. */
  readonly fields: readonly FieldOf[];
  /** More fields of a reply with the result SUCCESS. They are present only if the state is ready. */
  readonly whenReady?: readonly FieldOf[] | undefined;
}

/** The same rows in the same order as in docs/protocol.md section 3, "Messages". */
// biome-ignore format: a table
const ROWS = [
  { type: 0x01, name: 'HELLO', from: 'host', fields: ['nonce'] },
  { type: 0x81, name: 'HELLO_REPLY', from: 'device', fields: ['result', 'state', 'taps?', 'nonce', 'model', 'firmware', 'serial number', 'boot id', 'flags?', 'last command?', 'tap source?'] },
  { type: 0x02, name: 'PAY', from: 'host', fields: ['payment method', 'amount?', 'order id?', 'expiry time?'] },
  { type: 0x82, name: 'PAY_REPLY', from: 'device', fields: ['result', 'state', 'remaining', 'previous?'] },
  { type: 0x03, name: 'CANCEL', from: 'host', fields: ['order id?'] },
  { type: 0x83, name: 'CANCEL_REPLY', from: 'device', fields: ['result', 'state', 'taps?'] },
  { type: 0x04, name: 'STATUS', from: 'host', fields: [] },
  { type: 0x84, name: 'STATUS_REPLY', from: 'device', fields: ['result', 'state', 'taps?'], whenReady: ['remaining', 'payment method', 'amount?', 'order id?'] },
  { type: 0x41, name: 'LINK', from: 'device', fields: ['state', 'taps?', 'order id?'] },
] as const satisfies readonly MessageRow[];

/** The type of the rows with their exact fields. Other types are derived from it. */
export type MessageRows = (typeof ROWS)[number];

/** The message table, for programs that generate code or text from it. */
export const MESSAGES: readonly (MessageRow & {
  /** The name of the message in programs and vectors. */
  readonly name: MessageTypeName;
})[] = ROWS;

/** The fields of a refusal. A refusal of any request has exactly these fields. */
export const REFUSAL = ['result', 'reason', 'state'] as const satisfies readonly FieldOf[];

/** The name of a message. It is the `type` of a `Message`. */
export type MessageTypeName = (typeof ROWS)[number]['name'];

/** The type bytes, by the names that the vectors use. */
export const MessageType = Object.fromEntries(ROWS.map(({ name, type }) => [name, type])) as {
  /** Opens a session. */
  readonly HELLO: 0x01;
  /** Shows a payment link. */
  readonly PAY: 0x02;
  /** Ends the live payment link. */
  readonly CANCEL: 0x03;
  /** Asks for the current state. */
  readonly STATUS: 0x04;
  /** Reports a change of the payment link that no request caused. */
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
