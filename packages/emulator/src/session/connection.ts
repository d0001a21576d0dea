import { type Frame, FrameDecoder, type FrameErrorCode } from '@bluetap/protocol';
import type { Clock } from '@bluetap/transport';
import { anObject, bindMethods, callBack, hasFunctions } from '@bluetap/transport/kit';
import type { Connection, Peer } from '../contract/connection.js';
import type { Report } from '../contract/report.js';

/** What a connection tells its owner. */
export interface ConnectionHandlers {
  onFrame(frame: Frame): void;
  onDrop(code: FrameErrorCode): void;
  /** Called once, whichever side ended it. */
  onEnd(): void;
}

/** One host at one connection: its own decoder, and the timers that are worth nothing once it has gone. */
export class DeviceConnection implements Connection {
  readonly #peer: Peer;
  readonly #clock: Clock;
  readonly #handlers: ConnectionHandlers;
  readonly #failed: (error: unknown) => void;
  readonly #decoder: FrameDecoder;
  readonly #timers = new Set<unknown>();
  #open = true;

  /** @throws TypeError for what is no peer. */
  constructor(peer: Peer, clock: Clock, handlers: ConnectionHandlers, report: Report) {
    if (!anObject.holds(peer) || typeof peer.name !== 'string' || !hasFunctions(peer, ['send', 'close'])) {
      throw new TypeError('attach(): a peer is an object with a name and the functions send and close');
    }
    this.#peer = peer;
    this.#failed = (error) => report(error, `the peer "${peer.name}"`);
    this.#clock = clock;
    this.#handlers = handlers;
    this.#decoder = new FrameDecoder({
      // One chunk can hold several frames, and the first of them can be what makes the device go away.
      onFrame: (frame) => this.#open && handlers.onFrame(frame),
      onDrop: (code) => this.#open && handlers.onDrop(code),
    });
    bindMethods(this);
  }

  get name(): string {
    return this.#peer.name;
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

  /** A timer that ends with the connection. @param callback Must not throw. */
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

  /** Ends it from the device's side. */
  cut(): void {
    if (!this.#open) return;
    this.end();
    callBack(() => this.#peer.close(), this.#failed);
  }
}
