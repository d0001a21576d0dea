import type { PaymentMethod } from '@bluetap/protocol';

/** The payment link that a PAY shows. */
export interface PaymentLink {
  /** The wallet. */
  readonly paymentMethod: PaymentMethod;
  /** Digits with at most one decimal point, 1 to 8 characters; absent when the PAY named none. */
  readonly amount?: string | undefined;
  /** The host's own number for the order, 1 to 16 characters; absent when the PAY named none. */
  readonly orderId?: string | undefined;
  /** Its whole lifetime in seconds. */
  readonly expiryTime: number;
}

/** What a phone gets when it reads the payment link. */
export interface Tap extends PaymentLink {
  /** What the phone opens: the option `linkTemplate` makes it from the payment link. */
  readonly uri: string;
  /** The NDEF message on the tag: one URI record. */
  readonly ndef: Uint8Array;
  /** How often this payment link was read, this time included; 255 means 255 or more. */
  readonly taps: number;
}

/** `true`: the NFC part is broken now. `on-pay`: it is broken, and this shows when a PAY writes the tag. */
export type NfcFault = boolean | 'on-pay';
