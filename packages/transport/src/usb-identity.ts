/**
 * The USB vendor id of a BlueTap device (docs/protocol.md section 7). Every USB transport looks for the pair of vendor
 * id and product id. All BlueTap devices have the same pair, so the pair does not distinguish two devices.
 */
export const USB_VENDOR_ID = 0x1209;
/** The USB product id of a BlueTap device: see `USB_VENDOR_ID`. */
export const USB_PRODUCT_ID = 0x0001;
