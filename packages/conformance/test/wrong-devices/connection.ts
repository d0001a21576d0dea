// One connection as the device sees it: an opened function, or a socket.
import type { Clock } from '@bluetap/transport';
import type { Does } from './mistakes/index.js';
import { Receiver } from './receiver.js';

/** The way to the host. */
export interface Line {
  send(bytes: Uint8Array): void;
  /** The device ends the connection. */
  end(): void;
}

/** What a connection needs of its device. */
export interface ConnectionOptions {
  readonly clock: Clock;
  readonly does: Does;
  readonly line: Line;
  /** What the connection before this one has left of a frame. */
  readonly before: readonly number[];
  /** The reply to what stood between two delimiters, and how long it takes. */
  readonly answer: (encoded: Uint8Array, connection: Connection) => { reply: Uint8Array; ms: number } | undefined;
}

/** It handles one request at a time. While a reply waits, no request is read and LINKs are dropped. */
export class Connection {
  /** True if a whole frame has come. */
  spoke = false;
  open = true;
  readonly #options: ConnectionOptions;
  readonly #receiver: Receiver;
  readonly #frames: Uint8Array[] = [];
  #waits = false;
  #slot: Uint8Array | undefined;
  #timer: unknown;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#receiver = new Receiver(options.does, (encoded) => this.#frames.push(encoded), options.before);
  }

  /** The bytes of a frame that has not ended. */
  get rest(): readonly number[] {
    return this.#receiver.rest;
  }

  receive(bytes: Uint8Array): void {
    if (!this.open) return;
    this.#receiver.push(bytes, this.#options.clock.now());
    this.#next();
  }

  /** Sends a LINK, or drops it if a reply waits. */
  sendLink(frame: Uint8Array): void {
    if (this.open && !this.#waits) this.#options.line.send(frame);
  }

  /** Ends the connection. `byDevice`: the host does not know yet. */
  close(byDevice: boolean): void {
    if (!this.open) return;
    this.open = false;
    this.#options.clock.clearTimeout(this.#timer);
    if (byDevice) this.#options.line.end();
  }

  #next(): void {
    while (!this.#waits && this.open) {
      const encoded = this.#frames.shift();
      if (!encoded) return;
      const answer = this.#options.answer(encoded, this);
      if (answer) this.#reply(answer.reply, answer.ms);
    }
  }

  #reply(reply: Uint8Array, ms: number): void {
    const { clock, does, line } = this.#options;
    if (does('a second request replaces the reply that waits')) {
      if (!this.#slot) queueMicrotask(() => this.#empty());
      this.#slot = reply;
      return;
    }
    if (ms === 0) {
      line.send(reply);
      if (does('a reply comes twice')) line.send(reply);
      return;
    }
    this.#waits = true;
    this.#timer = clock.setTimeout(() => {
      this.#waits = false;
      line.send(reply);
      this.#next();
    }, ms);
  }

  #empty(): void {
    const reply = this.#slot;
    this.#slot = undefined;
    if (reply && this.open) this.#options.line.send(reply);
  }
}
