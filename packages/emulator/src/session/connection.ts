import { type Frame, FrameDecoder, type FrameErrorCode } from '@bluetap/protocol';
import type { Clock } from '@bluetap/transport';
import { anObject, bindMethods, callBack, hasFunctions } from '@bluetap/transport/kit';
import type { Connection, Peer } from '../contract/connection.js';
import type { Report } from '../contract/report.js';

/** The functions that a connection calls. */
export interface ConnectionHandlers {
  onFrame(frame: Frame): void;
  onDrop(code: FrameErrorCode): void;
  /** Called once, when the host or the device ends the connection. */
  onEnd(): void;
}

/** One connection of one host. It has its own decoder, and timers that stop when the connection ends. */
export class DeviceConnection implements Connection {
  readonly #peer: Peer;
  readonly #clock: Clock;
  readonly #handlers: ConnectionHandlers;
  readonly #failed: (error: unknown) => void;
  readonly #decoder: FrameDecoder;
  readonly #timers = new Set<unknown>();
  #open = true;
  #spoken = false;

  /** @throws TypeError if `peer` is not a peer. */
  constructor(peer: Peer, clock: Clock, handlers: ConnectionHandlers, report: Report) {
    if (!anObject.holds(peer) || typeof peer.name !== 'string' || !hasFunctions(peer, ['send', 'close'])) {
      throw new TypeError('attach(): a peer must be an object with a name and the functions send and close');
    }
    this.#peer = peer;
    // Not assigned directly. V8 keeps such a function, and all that it reaches, until the next full garbage collection.
    const failed = (error: unknown) => report(error, `the peer "${peer.name}"`);
    this.#failed = failed;
    this.#clock = clock;
    this.#handlers = handlers;
    this.#decoder = new FrameDecoder({
      // One chunk can contain several frames, and the first frame can cause the device to be unplugged.
      onFrame: (frame) => {
        this.#spoken = true;
        if (this.#open) handlers.onFrame(frame);
      },
      onDrop: (code) => this.#open && handlers.onDrop(code),
    });
    bindMethods(this);
  }

  get name(): string {
    return this.#peer.name;
  }

  get hasSpoken(): boolean {
    return this.#spoken;
  }

  get congested(): boolean {
    let congested = false;
    callBack(() => {
      const given: unknown = this.#peer.congested;
      congested = given === true;
      return given;
    }, this.#failed);
    return congested;
  }

  receive(bytes: Uint8Array): void {
    if (this.#open) this.#decoder.push(bytes, this.#clock.now());
  }

  send(bytes: Uint8Array): void {
    if (this.#open) callBack(() => this.#peer.send(bytes), this.#failed);
  }

  /** Sets a timer that stops when the connection ends. @param callback Must not throw. */
  after(ms: number, callback: () => void): void {
    if (!this.#open) return;
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, ms);
    this.#timers.add(timer);
  }

  end(): void {
    if (!this.#open) return;
    this.#decoder.reset();
    this.#open = false;
    for (const timer of this.#timers) this.#clock.clearTimeout(timer);
    this.#timers.clear();
    this.#handlers.onEnd();
  }

  /** Ends the connection from the device's side. */
  cut(): void {
    if (!this.#open) return;
    this.end();
    callBack(() => this.#peer.close(), this.#failed);
  }
}
