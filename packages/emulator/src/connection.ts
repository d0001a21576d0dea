import { type Frame, FrameDecoder, type FrameErrorCode } from '@bluetap/protocol';
import type { Clock } from '@bluetap/transport';
import { anObject, bindMethods, callBack, hasFunctions } from '@bluetap/transport/kit';
import type { Report } from './report.js';

/**
 * Where a host can reach the device, as the emulator sees it. Whoever opens a door implements this. What its functions throw
 * or reject with goes to the option `onError` of the emulator.
 */
export interface Port {
  /** A label for people: "tcp 127.0.0.1:50312". */
  readonly name: string;
  /** Takes bytes to the host, in order, without waiting and without calling back. They belong to the port. */
  send(bytes: Uint8Array): void;
  /** True while earlier bytes wait for the host to read them: a LINK is then dropped. Whoever says so should also stop reading. */
  readonly congested?: boolean;
  /** The device is gone (unplugged, closed): free everything. Called at most once, and not after `end`. */
  close(): void;
}

/** What a port tells the emulator. */
export interface PortConnection {
  /** Bytes from the host, cut in any way. Never throws for what they are; after the end they are ignored. */
  receive(bytes: Uint8Array): void;
  /** The host has gone: its session ends. Idempotent. */
  end(): void;
}

/** What a connection tells its owner. */
export interface ConnectionHandlers {
  onFrame(frame: Frame): void;
  onDrop(code: FrameErrorCode): void;
  /** Called once, whoever ended it. */
  onEnd(): void;
}

/** One host at one door: its own decoder, and the timers that are worth nothing once it has gone. */
export class Connection implements PortConnection {
  readonly #port: Port;
  readonly #clock: Clock;
  readonly #handlers: ConnectionHandlers;
  readonly #failed: (error: unknown) => void;
  readonly #decoder: FrameDecoder;
  readonly #timers = new Set<unknown>();
  #open = true;

  /** @throws TypeError for what is no port. */
  constructor(port: Port, clock: Clock, handlers: ConnectionHandlers, report: Report) {
    if (!anObject.holds(port) || typeof port.name !== 'string' || !hasFunctions(port, ['send', 'close'])) {
      throw new TypeError('attach(): a port is an object with a name and the functions send and close');
    }
    this.#port = port;
    this.#failed = (error) => report(error, `the port "${port.name}"`);
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
    return this.#port.name;
  }

  get congested(): boolean {
    let congested = false;
    callBack(() => {
      const given: unknown = this.#port.congested;
      congested = given === true;
      return given;
    }, this.#failed);
    return congested;
  }

  receive(bytes: Uint8Array): void {
    if (this.#open) this.#decoder.push(bytes, this.#clock.now());
  }

  send(bytes: Uint8Array): void {
    if (this.#open) callBack(() => this.#port.send(bytes), this.#failed);
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
    callBack(() => this.#port.close(), this.#failed);
  }
}
