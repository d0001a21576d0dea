import type { PaymentLinkState, PaymentMethod } from '@bluetap/protocol';

/** The payment link that a PAY shows. */
export interface PaymentLink {
  /** The wallet. */
  readonly paymentMethod: PaymentMethod;
  /** Digits with at most one decimal point, 1 to 8 characters; absent if the PAY had no amount. */
  readonly amount?: string | undefined;
  /** The host's own number for the order, 1 to 16 characters; absent if the PAY had no order id. */
  readonly orderId?: string | undefined;
  /** The whole lifetime of the payment link in seconds. */
  readonly expiryTime: number;
}

/** The data that a phone receives when it reads the payment link. */
export interface Tap extends PaymentLink {
  /** The URI that the phone opens. The option `linkTemplate` makes it from the payment link. */
  readonly uri: string;
  /** The NDEF message on the tag: one URI record. */
  readonly ndef: Uint8Array;
  /** The number of times that phones have read this payment link, including this time. 255 means 255 or more. */
  readonly taps: number;
}

/**
 * `true`: the NFC part is broken now. `on-pay`: the NFC part is broken, but the fault has an effect only when a PAY
 * writes the tag. `stuck`: the tag cannot be made blank. When the live payment link has to end (PAY, CANCEL, expiry), the
 * device does not answer and restarts with a blank tag: docs/protocol.md section 4, rule R-49.
 */
export type NfcFault = boolean | 'on-pay' | 'stuck';

/** A payment link that was written down, with what has become of it. */
export interface SavedPaymentLink extends PaymentLink {
  /** The state of the payment link. */
  readonly state: PaymentLinkState;
  /** The number of times that phones have read the payment link, 0 to 255. */
  readonly taps: number;
  /** Whole milliseconds until the expiry; 0 if the payment link is not live. */
  readonly remainingMs: number;
}
