export { type Clock, systemClock } from './clock.js';
export type { CallOptions, DeviceInfo, Link, LinkHandlers, Transport } from './transport.js';
export { TransportError, type TransportErrorCode } from './transport-error.js';
