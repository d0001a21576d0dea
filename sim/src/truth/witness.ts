import type { Behaviour, Emulator } from '@bluetap/emulator';
import type { Frame } from '@bluetap/protocol';
import { FrameReader, type WireFrame } from '../wire/frame-reader.js';
import { messageOf } from '../wire/wire-message.js';
import type { DeviceTruth } from './device-truth.js';

/** What the witness needs from the world. */
export interface WitnessHandlers {
  now(): number;
  /** True if the connection with this name has no room for a LINK. */
  congested(connection: string): boolean;
  violation(what: string): void;
  told(line: () => string): void;
}

/**
 * Stands at both sides of the faults of an emulated device, so that the truth gets what the device itself received and
 * sent. Below the faults it sees the requests that reach the device, and above them the messages that the device sends.
 */
export class Witness {
  readonly #emulator: Emulator;
  readonly #truth: DeviceTruth;
  readonly #handlers: WitnessHandlers;
  readonly #reader = new FrameReader();
  readonly #congested = (connection: unknown): boolean => this.#handlers.congested(connection as string);
  /** The whole frames that arrived at the device, and that it has not looked at yet. */
  readonly #arrived: WireFrame[] = [];
  #removeAbove: () => void;
  #answering = false;

  constructor(emulator: Emulator, truth: DeviceTruth, handlers: WitnessHandlers) {
    this.#emulator = emulator;
    this.#truth = truth;
    this.#handlers = handlers;
    emulator.use({ name: 'below', onFrame: (frame, next, { connection }) => this.#reaches(frame, next, connection) });
    this.#removeAbove = emulator.use(this.#above);
  }

  /** Adds a fault of the device, between the two places. Returns the function that removes it. */
  use(fault: Behaviour): () => void {
    this.#removeAbove();
    const remove = this.#emulator.use(fault);
    this.#removeAbove = this.#emulator.use(this.#above);
    return remove;
  }

  /** Bytes arrive at the device. */
  arrives(reader: FrameReader, bytes: Uint8Array, pass: () => void): void {
    const { starts } = this.#truth;
    const now = this.#handlers.now();
    if (this.#truth.link.isOver(now)) {
      // The end of a payment link can restart the device. That comes before what arrives now.
      void this.#emulator.snapshot;
      this.#truth.look(now, this.#congested);
    }
    for (const frame of reader.push(bytes, now)) {
      // The device must drop what is no request.
      if ((frame.type & 0xc0) === 0) this.#arrived.push(frame);
    }
    pass();
    if (this.#arrived.length === 0) return;
    if (this.#emulator.plugged && this.#truth.starts === starts)
      this.#handlers.violation('the device did not read a whole frame');
    this.#arrived.length = 0;
  }

  readonly #above: Behaviour = {
    name: 'above',
    onFrame: (frame, next) => {
      const whole = this.#arrived.shift();
      const { version, type, session, sequence, crc } = frame;
      if (whole?.crc !== crc || whole.session !== session || whole.sequence !== sequence || whole.type !== type)
        this.#handlers.violation(`the device reads a frame that did not arrive: type ${type}, version ${version}`);
      next(frame);
    },
    onSend: (bytes, next, { request }) => {
      // The answer of a fault is not an answer of the device.
      if (this.#answering || !request) this.#sends(bytes);
      next(bytes);
    },
  };

  #reaches(frame: Frame, next: (frame: Frame) => void, connection: string): void {
    const message = messageOf(frame);
    if (!message) this.#handlers.violation(`a request of type ${frame.type} reaches the device that nobody can read`);
    else this.#truth.request(message, frame.crc, connection, this.#handlers.now(), this.#congested);
    this.#answering = true;
    next(frame);
    this.#answering = false;
  }

  #sends(bytes: Uint8Array): void {
    const now = this.#handlers.now();
    const frame = this.#reader.single(bytes);
    const message = frame && messageOf(frame);
    this.#handlers.told(() => `device sends ${JSON.stringify(message)}`);
    // An expiry that nobody asked for shows itself by its LINK.
    this.#truth.look(now, this.#congested);
    this.#truth.sends(message, frame?.crc ?? 0, now);
  }
}
