import type { Frame } from '@bluetap/protocol';
import type { Transport } from '@bluetap/transport';
import type { Connection, Peer } from './connection.js';
import type { Snapshot } from './events.js';
import type { NfcFault, Tap } from './payment-link.js';

/** The emulated device as its behaviours and its listeners see it. `Emulator` is one, and says what each member does. */
export interface EmulatedDevice extends AsyncDisposable {
  /** What it shows now. */
  readonly snapshot: Snapshot;
  /** False from `unplug` to `plug`. */
  readonly plugged: boolean;
  /** True once `close` was called. */
  readonly closed: boolean;
  /** Another number after each `plug`. */
  readonly attachment: number;
  /** Whether its NFC part is broken. */
  nfcFault: NfcFault;
  /** A phone reads the payment link; undefined when no payment link is live. */
  tap(): Tap | undefined;
  /** Pulls the cable; with `power: 'lost'` the device is off as well. */
  unplug(options?: { readonly power?: 'kept' | 'lost' | undefined }): void;
  /** Plugs the cable in. */
  plug(): void;
  /** Restarts the device. */
  powerCycle(): void;
  /** Adds a behaviour; returns the function that removes it. */
  use(behaviour: Behaviour): () => void;
  /** Makes a transport in the same process. */
  transport(): Transport;
  /** Lets a host in. @throws TransportError (`not-found`) while it is unplugged or closed. */
  attach(peer: Peer): Connection;
  /** Tells `follower` of each plugging; returns the function that ends this. */
  follow(follower: Follower): () => void;
  /** Takes an error that a function of the program threw or rejected with. Never throws. */
  report(error: unknown, where: string): void;
  /** Unplugs it for good, and frees all that it holds. */
  close(): Promise<void>;
  toString(): string;
}

/** Something that goes along with the device: a transport that is watched, a server. */
export interface Follower {
  /** The device was plugged or unplugged. Called within that call. */
  readonly onPlug?: (() => void) | undefined;
  /** The emulator is closing, and waits for this. */
  readonly close?: (() => Promise<void>) | undefined;
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
  readonly onFrame?: ((frame: Frame, next: (frame: Frame) => void, context: BehaviourContext) => void) | undefined;
  /** The device sends something: wire bytes with both delimiters, unless another behaviour has changed them. */
  readonly onSend?:
    | ((bytes: Uint8Array, next: (bytes: Uint8Array) => void, context: BehaviourContext) => void)
    | undefined;
}

/** What a behaviour can see and do. */
export interface BehaviourContext {
  /** The device that the frame came to, or that answers. */
  readonly emulator: EmulatedDevice;
  /** The name of the connection. */
  readonly connection: string;
  /** The request that came or is being answered; undefined when the device says something unasked (LINK). */
  readonly request: Frame | undefined;
  /** Answers in the device's place; the bytes meet every `onSend`. */
  reply(bytes: Uint8Array): void;
  /**
   * Calls back after `ms` of the emulator's clock, 0 to 2147483647, unless the connection closes first. A callback that
   * fails is a behaviour that fails.
   */
  after(ms: number, callback: () => void): void;
}
