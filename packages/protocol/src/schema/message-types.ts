import type { PaymentLinkState, PaymentMethod, WireResult } from './names.js';

/** The messages of docs/protocol.md section 3, in the shape that the vectors use. A field that is absent is absent. */

interface Header {
  /** 0 to 65535; 0 in HELLO and in a refused HELLO's reply. */
  readonly session: number;
  /** 0 to 255; 0 in HELLO. A reply repeats its request's. */
  readonly sequence: number;
}

/** Opens a session. */
export interface Hello extends Header {
  /** Selects HELLO, type byte 0x01. */
  readonly type: 'HELLO';
  /** A new random unsigned 32-bit number for every HELLO. */
  readonly nonce: number;
}

/** What a POS asks the device to show. Section 6 has the rules of the fields. */
export interface PayCommand {
  /** The wallet. Required. */
  readonly paymentMethod: PaymentMethod;
  /** Digits with at most one decimal point between digits, 1 to 8 characters: "100", "0.50". A string, never a number. */
  readonly amount?: string | undefined;
  /** The POS's own number for the order: printable ASCII without space, 1 to 16 characters. */
  readonly orderId?: string | undefined;
  /** How long the payment link stays live, in whole seconds, 1 to 2147483647. Absent means 900. */
  readonly expiryTime?: number | undefined;
}

/** Shows a payment link. */
export interface Pay extends Header, PayCommand {
  /** Selects PAY, type byte 0x02. */
  readonly type: 'PAY';
}

/** Which link to disable. */
export interface CancelCommand {
  /** Only the payment link of this order; absent means whichever payment link is live. */
  readonly orderId?: string | undefined;
}

/** Ends the live payment link. */
export interface Cancel extends Header, CancelCommand {
  /** Selects CANCEL, type byte 0x03. */
  readonly type: 'CANCEL';
}

/** Asks for the present state. */
export interface Status extends Header {
  /** Selects STATUS, type byte 0x04. */
  readonly type: 'STATUS';
}

/** A change of the payment link that no request caused. */
export interface LinkMessage extends Header {
  /** Selects LINK, type byte 0x41. */
  readonly type: 'LINK';
  /** The state of the payment link after the change. */
  readonly state: PaymentLinkState;
  /** How often a phone has read the payment link, 255 meaning 255 or more; absent means 0. */
  readonly taps?: number | undefined;
  /** The order of the payment link that changed, 1 to 16 characters; absent when its PAY named none. */
  readonly orderId?: string | undefined;
}

/** How a device refuses any request: exactly these three fields. */
interface RefusedBody {
  /** Why the device refuses, as a result code. */
  readonly result: Exclude<WireResult, 'SUCCESS'>;
  /** One of `Reason`, or a number of a later version. */
  readonly reason: number;
  /** The state of the device's payment link at the moment of the reply. */
  readonly state: PaymentLinkState;
}
interface Succeeded {
  /** The device did what the request asked for. */
  readonly result: 'SUCCESS';
  /** The state of the device's payment link at the moment of the reply. */
  readonly state: PaymentLinkState;
}

/** The (session, sequence) of a PAY or CANCEL. */
export interface CommandId {
  /** The session in which the command was sent, 1 to 65535. */
  readonly session: number;
  /** Its number within that session, 0 to 255. */
  readonly sequence: number;
}

/** The reply to a HELLO that opened a session. docs/protocol.md sections 3 and 4. */
export interface HelloAccepted extends Header, Succeeded {
  /** Selects the reply to HELLO, type byte 0x81. */
  readonly type: 'HELLO_REPLY';
  /** How often a phone has read the present or last payment link, 255 meaning 255 or more; absent means 0. */
  readonly taps?: number | undefined;
  /** The nonce of the HELLO that this answers. */
  readonly nonce: number;
  /** 1 to 16 characters. */
  readonly model: string;
  /** 1 to 16 characters. */
  readonly firmware: string;
  /** 1 to 32 characters. */
  readonly serialNumber: string;
  /** Another unsigned 32-bit number at every start of the device. */
  readonly bootId: number;
  /** True for a simulated device; absent for a real one. The lowest of the flags; the others mean nothing yet. */
  readonly simulated?: true | undefined;
  /** The last PAY or CANCEL executed since the start; absent if there is no such command. */
  readonly lastCommand?: CommandId | undefined;
}
/** The reply to a PAY that the device executed. docs/protocol.md section 3. */
export interface PayAccepted extends Header, Succeeded {
  /** Selects the reply to PAY, type byte 0x82. */
  readonly type: 'PAY_REPLY';
  /** Seconds that the payment link stays live, rounded up; 0 when it is live no more. */
  readonly remaining: number;
}
/** The reply to a CANCEL that the device executed. docs/protocol.md section 3. */
export interface CancelAccepted extends Header, Succeeded {
  /** Selects the reply to CANCEL, type byte 0x83. */
  readonly type: 'CANCEL_REPLY';
  /** How often a phone has read the present or last payment link, 255 meaning 255 or more; absent means 0. */
  readonly taps?: number | undefined;
}
/** The reply to a STATUS. docs/protocol.md section 3. */
export interface StatusAccepted extends Header, Succeeded {
  /** Selects the reply to STATUS, type byte 0x84. */
  readonly type: 'STATUS_REPLY';
  /** How often a phone has read the present or last payment link, 255 meaning 255 or more; absent means 0. */
  readonly taps?: number | undefined;
  /** The rest is there exactly when the state is `ready`. */
  readonly remaining?: number | undefined;
  /** The wallet of the live payment link. */
  readonly paymentMethod?: PaymentMethod | undefined;
  /** The amount of the live payment link as the PAY had it; absent when it named none. */
  readonly amount?: string | undefined;
  /** The order of the live payment link as the PAY had it; absent when it named none. */
  readonly orderId?: string | undefined;
}

/** The names of the replies; each request type has one. */
export type ReplyType = 'HELLO_REPLY' | 'PAY_REPLY' | 'CANCEL_REPLY' | 'STATUS_REPLY';

/** A refusal of any request. */
export interface Refused<T extends ReplyType = ReplyType> extends Header, RefusedBody {
  /** Selects the reply, and so the request that was refused. */
  readonly type: T;
}

/** What a device answers to a HELLO: `result` tells which of the two it is. */
export type HelloReply = HelloAccepted | Refused<'HELLO_REPLY'>;
/** What a device answers to a PAY: `result` tells which of the two it is. */
export type PayReply = PayAccepted | Refused<'PAY_REPLY'>;
/** What a device answers to a CANCEL: `result` tells which of the two it is. */
export type CancelReply = CancelAccepted | Refused<'CANCEL_REPLY'>;
/** What a device answers to a STATUS: `result` tells which of the two it is. */
export type StatusReply = StatusAccepted | Refused<'STATUS_REPLY'>;

/** What a host sends: `type` tells which one it is. */
export type Request = Hello | Pay | Cancel | Status;
/** What a device answers: `type` and `result` tell which one it is. */
export type Reply = HelloReply | PayReply | CancelReply | StatusReply;
/** Everything that a frame of version 1 can say. docs/protocol.md section 3. */
export type Message = Request | Reply | LinkMessage;
