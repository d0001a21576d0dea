import type { PaymentMethod } from '@bluetap/protocol';

/** The link that a PAY shows. */
export interface NfcLink {
  readonly paymentMethod: PaymentMethod;
  readonly amount?: string;
  readonly orderId?: string;
  /** Its whole lifetime in seconds. */
  readonly expiryTime: number;
}

/** What a phone gets when it reads the link. */
export interface Tap extends NfcLink {
  readonly uri: string;
  /** The NDEF message on the tag: one URI record. */
  readonly ndef: Uint8Array;
  /** How often this link was read, this time included; 255 means 255 or more. */
  readonly taps: number;
}

/** `true` is broken now; `on-pay` is broken, but nobody knows before a PAY writes the tag. */
export type NfcFault = boolean | 'on-pay';
