/**
 * The fields that messages are made of. docs/protocol.md section 3. In a set of fields each is a bit; the bits are in
 * the order of the tags, which is the order on the wire.
 */
export const PAYMENT_METHOD = 1;
export const AMOUNT = 2;
export const ORDER_ID = 4;
export const EXPIRY_TIME = 8;
export const RESULT = 0x10;
export const REASON = 0x20;
export const STATE = 0x40;
export const REMAINING = 0x80;
export const TAPS = 0x100;
export const NONCE = 0x200;
export const MODEL = 0x400;
export const FIRMWARE = 0x800;
export const SERIAL_NUMBER = 0x1000;
export const BOOT_ID = 0x2000;
export const FLAGS = 0x4000;
export const LAST_COMMAND = 0x8000;
