/** The numbers and names of the wire format. docs/protocol.md sections 1 to 3. */

/** The only version of the format so far; the first byte of every frame. */
export const VERSION = 1;

/** Longest frame in encoded bytes, delimiters not counted. A receiver holds no more than this of one frame. */
export const MAX_ENCODED_LENGTH = 128;

/** Header (version, type, session, sequence) and CRC: the shortest frame before COBS, in bytes. */
export const MIN_FRAME_LENGTH = 9;

/** Where a frame starts in bytes that were received: COBS puts one code before it; and where its payload starts there. */
export const RECEIVED_START = 1;
export const RECEIVED_PAYLOAD = 6;

/** The same in bytes to be sent, where a delimiter stands before that. */
export const SENT_START = 2;
export const SENT_PAYLOAD = 7;

/** Bytes of CRC-32C after the payload. */
export const CRC_LENGTH = 4;

/** Silence after which a partial frame is forgotten, in milliseconds. Section 1. */
export const PARTIAL_FRAME_TIMEOUT_MS = 1000;

/** The lifetime of a payment link whose PAY names none, in seconds. */
export const DEFAULT_EXPIRY_TIME = 900;

/** Set in the type of every reply. A device drops such a frame without an answer. */
export const REPLY_BIT = 0x80;

/** Set in the type of what a device says unasked. A device drops such a frame without an answer. */
export const EVENT_BIT = 0x40;

/** Type bytes, by the names that the vectors use. */
export const MessageType = {
  /** Opens a session. */
  HELLO: 0x01,
  /** Shows a payment link. */
  PAY: 0x02,
  /** Ends the live payment link. */
  CANCEL: 0x03,
  /** Asks for the present state. */
  STATUS: 0x04,
  /** A device tells of a change that no request caused. */
  LINK: 0x41,
  /** Answers HELLO. */
  HELLO_REPLY: 0x81,
  /** Answers PAY. */
  PAY_REPLY: 0x82,
  /** Answers CANCEL. */
  CANCEL_REPLY: 0x83,
  /** Answers STATUS. */
  STATUS_REPLY: 0x84,
} as const;
/** The name of a type byte, as `Message` has it in `type`. */
export type MessageTypeName = keyof typeof MessageType;

/** Results as a device answers them; the index is the value of tag 0x10. */
export const WIRE_RESULTS = ['SUCCESS', 'PARAM_ILLEGAL', 'PROCESS_FAIL', 'UNKNOWN_EXCEPTION'] as const;
/** One result of `WIRE_RESULTS`. docs/protocol.md section 3. */
export type WireResult = (typeof WIRE_RESULTS)[number];

/** States of the payment link; the index is the value of tag 0x12. Only `ready` is live. */
export const PAYMENT_LINK_STATES = ['idle', 'ready', 'expired', 'cancelled'] as const;
/** One state of `PAYMENT_LINK_STATES`. docs/protocol.md section 3. */
export type PaymentLinkState = (typeof PAYMENT_LINK_STATES)[number];

/** The wallets. The vendor's names, upper case, at most 12 characters. */
export const PaymentMethod = {
  /** The wallet that the vendor calls TRUEMONEY. */
  TRUEMONEY: 'TRUEMONEY',
  /** The wallet that the vendor calls SEVEN_11. */
  SEVEN_11: 'SEVEN_11',
  /** The wallet that the vendor calls ALIPAY_CN. */
  ALIPAY_CN: 'ALIPAY_CN',
  /** The wallet that the vendor calls ALIPAY_PLUS. */
  ALIPAY_PLUS: 'ALIPAY_PLUS',
} as const;
export type PaymentMethod = (typeof PaymentMethod)[keyof typeof PaymentMethod];

/** The reasons that reading a message can give, one by one: a bundler puts their numbers where they are used. */
export const MISSING_FIELD = 1;
export const UNKNOWN_PAYMENT_METHOD = 2;
export const BAD_VALUE = 3;
export const UNKNOWN_CRITICAL_TAG = 7;
export const UNKNOWN_TYPE = 8;
export const UNKNOWN_VERSION = 9;

/** Why a device refuses: the value of tag 0x11. */
export const Reason = {
  MISSING_FIELD,
  /** 2: the payment method is not one of `PaymentMethod`. Result PARAM_ILLEGAL. */
  UNKNOWN_PAYMENT_METHOD,
  /** 3: a value breaks its rule, or the payload has no right structure. Result PARAM_ILLEGAL. */
  BAD_VALUE,
  /** 4: the session is not the current one. Result PROCESS_FAIL. */
  NO_SUCH_SESSION: 4,
  /** 5: the live payment link belongs to another order. Result PROCESS_FAIL. */
  ORDER_MISMATCH: 5,
  /** 6: the NFC part failed. Result PROCESS_FAIL. */
  NFC_FAULT: 6,
  /** 7: a tag from 0x80 on is not known. Result PARAM_ILLEGAL. */
  UNKNOWN_CRITICAL_TAG,
  /** 8: the type is not known. Result PROCESS_FAIL. */
  UNKNOWN_TYPE,
  /** 9: the version is not known. Result PROCESS_FAIL. */
  UNKNOWN_VERSION,
  /** 10: the sequence number is used or too low. Result PROCESS_FAIL. */
  SEQUENCE_REUSED: 10,
  /** 11: something failed within the device. Result UNKNOWN_EXCEPTION. */
  INTERNAL_ERROR: 11,
} as const;
