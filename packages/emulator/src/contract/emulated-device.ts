import type { Frame } from '@bluetap/protocol';
import type { Transport } from '@bluetap/transport';
import type { Connection, Peer } from './connection.js';
import type { Snapshot } from './events.js';
import type { NfcFault, Tap } from './payment-link.js';

/**
 * The emulated device, as its behaviours and its listeners see it. `Emulator` implements this interface and documents
 * each member.
 */
export interface EmulatedDevice extends AsyncDisposable {
  /** What the device shows now. */
  readonly snapshot: Snapshot;
  /** False from `unplug` to `plug`. */
  readonly plugged: boolean;
  /** True once `close` was called. */
  readonly closed: boolean;
  /** A number that changes with each `plug`. */
  readonly attachment: number;
  /** The state of the NFC part. */
  nfcFault: NfcFault;
  /** A phone reads the payment link. Returns undefined if no payment link is live. */
  tap(): Tap | undefined;
  /** Unplugs the cable. With `power: 'lost'` the device also loses its power. */
  unplug(options?: { readonly power?: 'kept' | 'lost' | undefined }): void;
  /** Plugs the cable in. */
  plug(): void;
  /** Restarts the device. */
  powerCycle(): void;
  /** Adds a behaviour. Returns the function that removes it. */
  use(behaviour: Behaviour): () => void;
  /** Makes a transport in the same process. */
  transport(): Transport;
  /** Connects a host. @throws TransportError (`not-found`) while the device is unplugged or closed. */
  attach(peer: Peer): Connection;
  /** Calls `follower` each time the device is plugged in or unplugged. Returns the function that ends this. */
  follow(follower: Follower): () => void;
  /** Reports an error that a function of the program threw or rejected with. Never throws. */
  report(error: unknown, where: string): void;
  /** Unplugs the device permanently and frees all its resources. */
  close(): Promise<void>;
  toString(): string;
}

/** An object that follows the device, such as a watched transport or a server. */
export interface Follower {
  /** Called if the device was plugged in or unplugged, before `plug` or `unplug` returns. */
  readonly onPlug?: (() => void) | undefined;
  /** Called if the emulator closes. The emulator waits for the promise. */
  readonly close?: (() => Promise<void>) | undefined;
}

/**
 * Makes an emulated device misbehave. `Emulator.use` puts the behaviour on a stack above the device's own answers. Each
 * request and each message that the device sends goes through the stack, newest behaviour first. Each behaviour can
 * handle the message, change it, or pass it on with `next`: immediately, later, more than once, or never.
 *
 * If a behaviour throws or rejects, the device continues. The error goes to the option `onError` of the emulator. The
 * message passes on unchanged, unless the behaviour has already called `next` or `reply`.
 */
export interface Behaviour {
  /** A label for people. */
  readonly name: string;
  /** The number of messages on which the behaviour will still act. Absent: without a limit, or not known. */
  readonly left?: number | undefined;
  /** Called for a request, before the device handles it. */
  readonly onFrame?: ((frame: Frame, next: (frame: Frame) => void, context: BehaviourContext) => void) | undefined;
  /**
   * Called for a message that the device sends: wire bytes with both delimiters, unless another behaviour has changed
   * them.
   */
  readonly onSend?:
    | ((bytes: Uint8Array, next: (bytes: Uint8Array) => void, context: BehaviourContext) => void)
    | undefined;
}

/** The context of a message, and the functions that a behaviour can call. */
export interface BehaviourContext {
  /** The device that received the request, or that sends the message. */
  readonly emulator: EmulatedDevice;
  /** The name of the connection. */
  readonly connection: string;
  /** The request that came, or that the device answers; undefined if the message answers no request (LINK). */
  readonly request: Frame | undefined;
  /** Answers instead of the device. The bytes go through every `onSend`. */
  reply(bytes: Uint8Array): void;
  /**
   * Calls `callback` after `ms` milliseconds of the emulator's clock, 0 to 2147483647. Does not call it if the
   * connection closes first. If the callback fails, the behaviour counts as failed.
   */
  after(ms: number, callback: () => void): void;
}
