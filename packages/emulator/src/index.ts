export type { Behaviour, BehaviourContext } from './behaviour.js';
export * from './behaviours.js';
export type { Port, PortConnection } from './connection.js';
export type { NfcFault, NfcLink } from './device.js';
export { Emulator, type Follower, type Tap } from './emulator.js';
export type { EmulatorEvent, Face, LinkCause } from './events.js';
export { encodeUriMessage } from './ndef.js';
export type { EmulatorOptions } from './options.js';
export { VirtualClock } from './virtual-clock.js';
