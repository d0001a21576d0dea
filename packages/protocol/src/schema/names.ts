/** The values that have names. docs/protocol.md sections 3 and 6. */

/** The results in a reply, in the order of section 3. The index in this list is the value of tag 0x10. */
export const WIRE_RESULTS = ['SUCCESS', 'PARAM_ILLEGAL', 'PROCESS_FAIL', 'UNKNOWN_EXCEPTION'] as const;
/** One result of `WIRE_RESULTS`. docs/protocol.md section 3. */
export type WireResult = (typeof WIRE_RESULTS)[number];

/**
 * The states of the payment link, in the order of section 3. The index in this list is the value of tag 0x12. Only in
 * the state `ready` is the payment link live.
 */
export const PAYMENT_LINK_STATES = ['idle', 'ready', 'expired', 'cancelled'] as const;
/** One state of `PAYMENT_LINK_STATES`. docs/protocol.md section 3. */
export type PaymentLinkState = (typeof PAYMENT_LINK_STATES)[number];

/**
 * What a device counts as a tap, in the order of section 3. The index in this list is the value of tag 0x27. `read`: a
 * phone has read the whole payment link. `field`: the field of a phone was there. `none`: the device counts nothing.
 */
export const TAP_SOURCES = ['read', 'field', 'none'] as const;
/** One entry of `TAP_SOURCES`. docs/protocol.md section 3. */
export type TapSource = (typeof TAP_SOURCES)[number];

/** The wallets of section 6, with the vendor's names: upper case, at most 12 characters. */
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
/** One wallet of `PaymentMethod`. docs/protocol.md section 6. */
export type PaymentMethod = (typeof PaymentMethod)[keyof typeof PaymentMethod];
