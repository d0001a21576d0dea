/** What has happened at a device since it was made, or since its last reset. */
export interface Counters {
  /** How many payment links the device has shown. Each could have been paid. */
  paymentLinks: number;
  /** How many PAY frames came from hosts, repeats and refused ones included. */
  payFrames: number;
  /** How many requests were repeats. The device answered each again, and did not execute it again. */
  repeats: number;
  /** How often phones read a payment link. */
  taps: number;
}

/** Counters that are all 0. */
export function noCounts(): Counters {
  return { paymentLinks: 0, payFrames: 0, repeats: 0, taps: 0 };
}
