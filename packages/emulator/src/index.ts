/**
 * An emulated device for tests and demos. `new Emulator().transport()` is its transport in the same process; behaviours make
 * it misbehave, and `VirtualClock` lets a payment link expire immediately.
 *
 * @packageDocumentation
 */

export * from './behaviours/behaviours.js';
export type { Connection, Peer } from './contract/connection.js';
export type { Behaviour, BehaviourContext, EmulatedDevice, Follower } from './contract/emulated-device.js';
export type { EmulatorEvent, PaymentLinkCause, Snapshot } from './contract/events.js';
export type { NfcFault, PaymentLink, Tap } from './contract/payment-link.js';
export { encodeUriMessage } from './device/ndef.js';
export { Emulator } from './emulator.js';
export type { EmulatorOptions } from './options.js';
export { VirtualClock } from './virtual-clock.js';
