import type { PaymentMethod } from '@bluetap/protocol';

/** The link that a PAY shows. */
export interface NfcLink {
  /** The wallet. */
  readonly paymentMethod: PaymentMethod;
  /** Digits with at most one decimal point, 1 to 8 characters; absent when the PAY named none. */
  readonly amount?: string;
  /** The host's own number for the order, 1 to 16 characters; absent when the PAY named none. */
  readonly orderId?: string;
  /** Its whole lifetime in seconds. */
  readonly expiryTime: number;
}

/** What a phone gets when it reads the link. */
export interface Tap extends NfcLink {
  /** What the phone opens: the option `linkTemplate` makes it from the link. */
  readonly uri: string;
  /** The NDEF message on the tag: one URI record. */
  readonly ndef: Uint8Array;
  /** How often this link was read, this time included; 255 means 255 or more. */
  readonly taps: number;
}

/** `true` is broken now; `on-pay` is broken, but nobody knows before a PAY writes the tag. */
export type NfcFault = boolean | 'on-pay';
