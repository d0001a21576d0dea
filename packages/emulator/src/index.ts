/**
 * An emulated device for tests and demos. `new Emulator().transport()` is its transport in the same process; behaviours make
 * it misbehave, and `VirtualClock` lets a link expire at once.
 *
 * @packageDocumentation
 */

export * from './behaviours/behaviours.js';
export type { Behaviour, BehaviourContext, EmulatedDevice, Follower } from './contract/emulated-device.js';
export type { EmulatorEvent, Face, LinkCause } from './contract/events.js';
export type { NfcFault, NfcLink, Tap } from './contract/link.js';
export type { Port, PortConnection } from './contract/port.js';
export { encodeUriMessage } from './device/ndef.js';
export { Emulator } from './emulator.js';
export type { EmulatorOptions } from './options.js';
export { VirtualClock } from './virtual-clock.js';
