import type { Frame } from '@bluetap/protocol';
import type { Transport } from '@bluetap/transport';
import type { Face } from './events.js';
import type { NfcFault, Tap } from './link.js';
import type { Port, PortConnection } from './port.js';

/** The emulated device as its behaviours and its listeners see it. `Emulator` is one, and says what each member does. */
export interface EmulatedDevice extends AsyncDisposable {
  readonly face: Face;
  readonly plugged: boolean;
  readonly closed: boolean;
  readonly attachment: number;
  nfcFault: NfcFault;
  tap(): Tap | undefined;
  unplug(options?: { readonly power?: 'kept' | 'lost' | undefined }): void;
  plug(): void;
  powerCycle(): void;
  use(behaviour: Behaviour): () => void;
  transport(): Transport;
  attach(port: Port): PortConnection;
  follow(follower: Follower): () => void;
  report(error: unknown, where: string): void;
  close(): Promise<void>;
  toString(): string;
}

/** Something that goes along with the device: a transport that is watched, a server. */
export interface Follower {
  /** The device was plugged or unplugged. Called within that call. */
  onPlug?(): void;
  /** The emulator is closing, and waits for this. */
  close?(): Promise<void>;
}

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
  readonly emulator: EmulatedDevice;
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
