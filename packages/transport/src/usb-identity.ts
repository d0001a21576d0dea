/**
 * How a BlueTap device names itself on USB (docs/protocol.md section 7). Every transport that meets it there looks for
 * this pair; two identical devices share it, so it never tells one from the other.
 */
export const USB_VENDOR_ID = 0x1209;
/** The other half of the pair: see `USB_VENDOR_ID`. */
export const USB_PRODUCT_ID = 0x0001;
