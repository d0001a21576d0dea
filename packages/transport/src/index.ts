/**
 * The contract of a transport. The SDK calls a transport, and every package that carries bytes keeps the contract.
 *
 * @packageDocumentation
 */

export { type Clock, systemClock } from './clock.js';
export type { AbortOptions, Channel, ChannelHandlers, DeviceInfo, Transport } from './transport.js';
export { TransportError, type TransportErrorCode } from './transport-error.js';
export { USB_PRODUCT_ID, USB_VENDOR_ID } from './usb-identity.js';
