import type { WireResult } from './names.js';

/** The reasons by name. The number is the value of tag 0x11. */
export const Reason = {
  /** 1: a required field is missing. Result PARAM_ILLEGAL. */
  MISSING_FIELD: 1,
  /** 2: the payment method is not one of `PaymentMethod`. Result PARAM_ILLEGAL. */
  UNKNOWN_PAYMENT_METHOD: 2,
  /** 3: a value breaks its rule, or the structure of the payload is wrong. Result PARAM_ILLEGAL. */
  BAD_VALUE: 3,
  /** 4: the session is not the current one. Result PROCESS_FAIL. */
  NO_SUCH_SESSION: 4,
  /** 5: the live payment link belongs to another order. Result PROCESS_FAIL. */
  ORDER_MISMATCH: 5,
  /** 6: the NFC part failed. Result PROCESS_FAIL. */
  NFC_FAULT: 6,
  /** 7: a tag of 0x80 or higher is not known. Result PARAM_ILLEGAL. */
  UNKNOWN_CRITICAL_TAG: 7,
  /** 8: the type is not known. Result PROCESS_FAIL. */
  UNKNOWN_TYPE: 8,
  /** 9: the version is not known. Result PROCESS_FAIL. */
  UNKNOWN_VERSION: 9,
  /** 10: the sequence number was used before, or is too low. Result PROCESS_FAIL. */
  SEQUENCE_REUSED: 10,
  /** 11: an internal error of the device. Result UNKNOWN_EXCEPTION. */
  INTERNAL_ERROR: 11,
} as const;

/** A row of the reason table. It compiles only if the number belongs to the code. */
export type ReasonRow = {
  [code in keyof typeof Reason]: {
    /** The value of tag 0x11. */
    readonly number: (typeof Reason)[code];
    /** The name of the reason in programs. */
    readonly code: code;
    /** The result that a device sends with it. */
    readonly result: WireResult;
    /** The meaning, in words for a person. */
    readonly text: string;
  };
}[keyof typeof Reason];

/**
 * Why a device refuses a request. The same rows in the same order as in docs/protocol.md section 3, "Reasons". A
 * program that imports only `Reason` does not include this table.
 */
// biome-ignore format: a table
export const REASONS: readonly ReasonRow[] = [
  { number: 1, code: 'MISSING_FIELD', result: 'PARAM_ILLEGAL', text: 'a required field is missing' },
  { number: 2, code: 'UNKNOWN_PAYMENT_METHOD', result: 'PARAM_ILLEGAL', text: 'the payment method is not known' },
  { number: 3, code: 'BAD_VALUE', result: 'PARAM_ILLEGAL', text: 'a value breaks its rule' },
  { number: 4, code: 'NO_SUCH_SESSION', result: 'PROCESS_FAIL', text: 'the session is not the current one' },
  { number: 5, code: 'ORDER_MISMATCH', result: 'PROCESS_FAIL', text: 'the live payment link belongs to another order' },
  { number: 6, code: 'NFC_FAULT', result: 'PROCESS_FAIL', text: 'the NFC part of the device failed' },
  { number: 7, code: 'UNKNOWN_CRITICAL_TAG', result: 'PARAM_ILLEGAL', text: 'the message has a critical field that the device does not know' },
  { number: 8, code: 'UNKNOWN_TYPE', result: 'PROCESS_FAIL', text: 'the device does not know this message type' },
  { number: 9, code: 'UNKNOWN_VERSION', result: 'PROCESS_FAIL', text: 'the device does not speak this version of the protocol' },
  { number: 10, code: 'SEQUENCE_REUSED', result: 'PROCESS_FAIL', text: 'the sequence number was used before' },
  { number: 11, code: 'INTERNAL_ERROR', result: 'UNKNOWN_EXCEPTION', text: 'internal error of the device' },
];
