import type { PaymentLinkState, PaymentMethod, TapSource, WireResult } from './names.js';

/**
 * The messages of docs/protocol.md section 3, in the shape that the vectors use. An absent field is an absent property.
 */

interface Header {
  /** 0 to 65535. It is 0 in a HELLO and in the reply to a refused HELLO. */
  readonly session: number;
  /** 0 to 255. It is 0 in a HELLO. A reply has the sequence of its request. */
  readonly sequence: number;
}

/** Opens a session. */
export interface Hello extends Header {
  /** Selects HELLO, type byte 0x01. */
  readonly type: 'HELLO';
  /** A new random unsigned 32-bit number for every HELLO. */
  readonly nonce: number;
}

/** The payment that a POS asks the device to show. Section 6 has the rules of the fields. */
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

/** Selects the payment link to end. */
export interface CancelCommand {
  /** Ends the payment link only if it belongs to this order. If absent, ends any live payment link. */
  readonly orderId?: string | undefined;
}

/** Ends the live payment link. */
export interface Cancel extends Header, CancelCommand {
  /** Selects CANCEL, type byte 0x03. */
  readonly type: 'CANCEL';
}

/** Asks for the current state. */
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
  /** The number of times that phones have read the payment link. 255 means 255 or more; absent means 0. */
  readonly taps?: number | undefined;
  /** The order id of the payment link that changed, 1 to 16 characters; absent if its PAY had no order id. */
  readonly orderId?: string | undefined;
}

/** The fields of a refusal. A refusal of any request has exactly these three fields. */
interface RefusedBody {
  /** Why the device refuses, as a result code. */
  readonly result: Exclude<WireResult, 'SUCCESS'>;
  /** One of `Reason`, or a number that a later version defines. */
  readonly reason: number;
  /** The state of the device's payment link at the time of the reply. */
  readonly state: PaymentLinkState;
}
interface Succeeded {
  /** The device did what the request asked for. */
  readonly result: 'SUCCESS';
  /** The state of the device's payment link at the time of the reply. */
  readonly state: PaymentLinkState;
}

/** The (session, sequence) of a PAY or CANCEL. */
export interface CommandId {
  /** The session in which the command was sent, 1 to 65535. */
  readonly session: number;
  /** The number of the command within that session, 0 to 255. */
  readonly sequence: number;
}

/** The reply to a HELLO that opened a session. docs/protocol.md sections 3 and 4. */
export interface HelloAccepted extends Header, Succeeded {
  /** Selects the reply to HELLO, type byte 0x81. */
  readonly type: 'HELLO_REPLY';
  /**
   * The number of times that phones have read the current or last payment link. 255 means 255 or more; absent means 0.
   */
  readonly taps?: number | undefined;
  /** The nonce of the HELLO that this reply answers. */
  readonly nonce: number;
  /** 1 to 16 characters. */
  readonly model: string;
  /** 1 to 16 characters. */
  readonly firmware: string;
  /** 1 to 32 characters. */
  readonly serialNumber: string;
  /** An unsigned 32-bit number that is different after every start of the device. */
  readonly bootId: number;
  /**
   * True for a simulated device; absent for a real device. It is the lowest bit of the flags. The other bits have no
   * meaning yet.
   */
  readonly simulated?: true | undefined;
  /** The last PAY or CANCEL executed since the start; absent if there is no such command. */
  readonly lastCommand?: CommandId | undefined;
  /** What the device counts as a tap; absent if it does not tell it. */
  readonly tapSource?: TapSource | undefined;
}

/** A payment link as it was before a PAY replaced it. docs/protocol.md section 3. */
export interface PreviousPaymentLink {
  /** Its state. If it is `ready`, the PAY has ended a live payment link. */
  readonly state: PaymentLinkState;
  /** The number of times that phones have read it, 0 to 255. Above 0, it may have been paid. */
  readonly taps: number;
}
/** The reply to a PAY that the device executed. docs/protocol.md section 3. */
export interface PayAccepted extends Header, Succeeded {
  /** Selects the reply to PAY, type byte 0x82. */
  readonly type: 'PAY_REPLY';
  /** Seconds until the payment link expires, rounded up; 0 if the payment link is no longer live. */
  readonly remaining: number;
  /** The payment link that the PAY replaced; absent if there was none, or if the device does not tell it. */
  readonly previous?: PreviousPaymentLink | undefined;
}
/** The reply to a CANCEL that the device executed. docs/protocol.md section 3. */
export interface CancelAccepted extends Header, Succeeded {
  /** Selects the reply to CANCEL, type byte 0x83. */
  readonly type: 'CANCEL_REPLY';
  /**
   * The number of times that phones have read the current or last payment link. 255 means 255 or more; absent means 0.
   */
  readonly taps?: number | undefined;
}
/** The reply to a STATUS. docs/protocol.md section 3. */
export interface StatusAccepted extends Header, Succeeded {
  /** Selects the reply to STATUS, type byte 0x84. */
  readonly type: 'STATUS_REPLY';
  /**
   * The number of times that phones have read the current or last payment link. 255 means 255 or more; absent means 0.
   */
  readonly taps?: number | undefined;
  /**
   * Seconds until the payment link expires, rounded up. This and the following fields are present only if the state is
   * `ready`.
   */
  readonly remaining?: number | undefined;
  /** The wallet of the live payment link. */
  readonly paymentMethod?: PaymentMethod | undefined;
  /** The amount in the PAY of the live payment link; absent if the PAY had no amount. */
  readonly amount?: string | undefined;
  /** The order id in the PAY of the live payment link; absent if the PAY had no order id. */
  readonly orderId?: string | undefined;
}

/** The types of the replies. Each request type has one. */
export type ReplyType = 'HELLO_REPLY' | 'PAY_REPLY' | 'CANCEL_REPLY' | 'STATUS_REPLY';

/** A refusal of any request. */
export interface Refused<T extends ReplyType = ReplyType> extends Header, RefusedBody {
  /** The type of the reply. It shows which request was refused. */
  readonly type: T;
}

/** The reply to a HELLO. `result` shows if the device accepted it. */
export type HelloReply = HelloAccepted | Refused<'HELLO_REPLY'>;
/** The reply to a PAY. `result` shows if the device accepted it. */
export type PayReply = PayAccepted | Refused<'PAY_REPLY'>;
/** The reply to a CANCEL. `result` shows if the device accepted it. */
export type CancelReply = CancelAccepted | Refused<'CANCEL_REPLY'>;
/** The reply to a STATUS. `result` shows if the device accepted it. */
export type StatusReply = StatusAccepted | Refused<'STATUS_REPLY'>;

/** A message from a host. `type` shows which message it is. */
export type Request = Hello | Pay | Cancel | Status;
/** A message that answers a request. `type` and `result` show which message it is. */
export type Reply = HelloReply | PayReply | CancelReply | StatusReply;
/** Every message that a frame of version 1 can contain. docs/protocol.md section 3. */
export type Message = Request | Reply | LinkMessage;
