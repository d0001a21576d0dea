import type { Frame } from '@bluetap/protocol';
import type { Emulator } from './emulator.js';

/**
 * Makes an emulated device misbehave. `Emulator.use` puts it on a stack above the device's own answers; what comes in
 * and what goes out both meet the newest first, and each may handle it, change it or pass it on with `next`, at once,
 * later, more than once or never.
 *
 * A behaviour that throws or rejects ends nothing: the error goes to the option `onError` of the emulator, and what the
 * behaviour was given passes on unchanged, unless it had called `next` or `reply` before.
 */
export interface Behaviour {
  /** A label for people. */
  readonly name: string;
  /** A request came, before the device looks at it. */
  onFrame?(frame: Frame, next: (frame: Frame) => void, context: BehaviourContext): void;
  /** The device says something: wire bytes with both delimiters, as long as no behaviour has changed them. */
  onSend?(bytes: Uint8Array, next: (bytes: Uint8Array) => void, context: BehaviourContext): void;
}

/** What a behaviour can see and do besides passing on. */
export interface BehaviourContext {
  readonly emulator: Emulator;
  /** The name of the door. */
  readonly door: string;
  /** The request that came or is being answered; undefined when the device says something unasked (LINK). */
  readonly request: Frame | undefined;
  /** Answers in the device's place; the bytes meet every `onSend`. */
  reply(bytes: Uint8Array): void;
  /**
   * Calls back after `ms` of the emulator's clock, 0 to 2147483647, unless the door closes first. A callback that fails is a
   * behaviour that fails.
   */
  after(ms: number, callback: () => void): void;
}
