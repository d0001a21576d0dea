import type { Frame } from '@bluetap/protocol';
import { decodeFrame } from '@bluetap/protocol/tools';
import type { EmulatorEvent } from './events.js';
import { frameOf } from './frame-of.js';

/** Tells whoever listens what happens; costs nothing when nobody does. */
export class EventLog {
  readonly #listener: ((event: EmulatorEvent) => void) | undefined;

  constructor(listener: ((event: EmulatorEvent) => void) | undefined) {
    this.#listener = listener;
  }

  emit(event: EmulatorEvent): void {
    try {
      this.#listener?.(event);
    } catch (error) {
      // It must not stop the device half-way, and must not be lost either.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  /** A request as it came. */
  received(door: string, frame: Frame): void {
    if (this.#listener) this.#frame('in', door, frame);
  }

  /** Wire bytes as the device says them. */
  said(door: string, wire: Uint8Array): void {
    if (this.#listener) this.#frame('out', door, frameOf(wire)!);
  }

  #frame(direction: 'in' | 'out', door: string, frame: Frame): void {
    const decoded = decodeFrame(frame);
    if (decoded.ok) {
      this.emit({ event: 'message', direction, door, message: decoded.message });
      return;
    }
    const { version, type, session, sequence } = frame;
    this.emit({ event: 'frame', direction, door, problem: decoded.error.code, version, type, session, sequence });
  }
}
