import type { LinkState, PaymentMethod, WireResult } from './wire.js';

/** The messages of docs/protocol.md section 3, in the shape that the vectors use. A field that is absent is absent. */

interface Header {
  /** 0 to 65535; 0 in HELLO and in a refused HELLO's reply. */
  readonly session: number;
  /** 0 to 255; 0 in HELLO. A reply repeats its request's. */
  readonly sequence: number;
}

/** Opens a session. */
export interface Hello extends Header {
  readonly type: 'HELLO';
  /** A new random unsigned 32-bit number for every HELLO. */
  readonly nonce: number;
}

/** What a till asks the device to show. Section 6 has the rules of the fields. */
export interface PayCommand {
  /** The wallet. Required. */
  readonly paymentMethod: PaymentMethod;
  /** Digits with at most one decimal point between digits, 1 to 8 characters: "100", "0.50". A string, never a number. */
  readonly amount?: string;
  /** The till's own number for the order: printable ASCII without space, 1 to 16 characters. */
  readonly orderId?: string;
  /** How long the link stays live, in whole seconds, 1 to 2147483647. Absent means 900. */
  readonly expiryTime?: number;
}

/** Shows a link. */
export interface Pay extends Header, PayCommand {
  readonly type: 'PAY';
}

/** Which link to disable. */
export interface CancelCommand {
  /** Only the link of this order; absent means whichever link is live. */
  readonly orderId?: string;
}

/** Ends the live link. */
export interface Cancel extends Header, CancelCommand {
  readonly type: 'CANCEL';
}

/** Asks for the present state. */
export interface Status extends Header {
  readonly type: 'STATUS';
}

/** A change of the link that no request caused. */
export interface LinkChange extends Header {
  readonly type: 'LINK';
  readonly state: LinkState;
  /** How often a phone has read the link, 255 meaning 255 or more; absent means 0. */
  readonly taps?: number;
  readonly orderId?: string;
}

/** How a device refuses any request: exactly these three fields. */
interface RefusedBody {
  readonly result: Exclude<WireResult, 'SUCCESS'>;
  /** One of `Reason`, or a number of a later version. */
  readonly reason: number;
  readonly state: LinkState;
}
interface Succeeded {
  readonly result: 'SUCCESS';
  readonly state: LinkState;
}

/** The (session, sequence) of a PAY or CANCEL. */
export interface CommandId {
  readonly session: number;
  readonly sequence: number;
}

export interface HelloAccepted extends Header, Succeeded {
  readonly type: 'HELLO_REPLY';
  readonly taps?: number;
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
  readonly simulated?: true;
  /** The last PAY or CANCEL executed since the start; absent when there is none. */
  readonly lastCommand?: CommandId;
}
export interface PayAccepted extends Header, Succeeded {
  readonly type: 'PAY_REPLY';
  /** Seconds that the link stays live, rounded up; 0 when it is live no more. */
  readonly remaining: number;
}
export interface CancelAccepted extends Header, Succeeded {
  readonly type: 'CANCEL_REPLY';
  readonly taps?: number;
}
export interface StatusAccepted extends Header, Succeeded {
  readonly type: 'STATUS_REPLY';
  readonly taps?: number;
  /** The rest is there exactly when the state is `ready`. */
  readonly remaining?: number;
  readonly paymentMethod?: PaymentMethod;
  readonly amount?: string;
  readonly orderId?: string;
}

export type ReplyType = 'HELLO_REPLY' | 'PAY_REPLY' | 'CANCEL_REPLY' | 'STATUS_REPLY';

/** A refusal of any request. */
export interface Refused<T extends ReplyType = ReplyType> extends Header, RefusedBody {
  readonly type: T;
}

export type HelloReply = HelloAccepted | Refused<'HELLO_REPLY'>;
export type PayReply = PayAccepted | Refused<'PAY_REPLY'>;
export type CancelReply = CancelAccepted | Refused<'CANCEL_REPLY'>;
export type StatusReply = StatusAccepted | Refused<'STATUS_REPLY'>;

export type Request = Hello | Pay | Cancel | Status;
export type Reply = HelloReply | PayReply | CancelReply | StatusReply;
export type Message = Request | Reply | LinkChange;
