/**
 * An emulated device for tests and demos. `new Emulator().transport()` is its transport in the same process. Behaviours
 * make the device misbehave. With `VirtualClock` a payment link can expire immediately.
 *
 * @packageDocumentation
 */

export type { BehaviourUse } from './behaviours/behaviour-stack.js';
export * from './behaviours/behaviours.js';
export type { Connection, Peer } from './contract/connection.js';
export type { Behaviour, BehaviourContext, EmulatedDevice, Follower } from './contract/emulated-device.js';
export type { EmulatorState } from './contract/emulator-state.js';
export type {
  BehaviourEffect,
  EmulatorEvent,
  LoggedFrame,
  OpenSession,
  PaymentLinkCause,
  SessionInfo,
  Snapshot,
} from './contract/events.js';
export type { NfcFault, PaymentLink, SavedPaymentLink, Tap } from './contract/payment-link.js';
export { encodeUriMessage } from './device/ndef.js';
export { Emulator } from './emulator.js';
export type { Counters } from './events/counters.js';
export type { EmulatorOptions } from './options.js';
export { VirtualClock } from './virtual-clock.js';
