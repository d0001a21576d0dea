import type { Frame } from '@bluetap/protocol';
import { decodeFrame } from '@bluetap/protocol/tools';
import { callBack } from '@bluetap/transport/kit';
import type { EmulatorEvent } from '../contract/events.js';
import type { Report } from '../contract/report.js';
import { frameOf } from '../session/frame-of.js';

/**
 * Passes events to the event listener. Costs nothing without a listener. Each event is made for the listener only. The
 * device never reads an event again, so the listener may change it.
 */
export class EventLog {
  readonly #listener: ((event: EmulatorEvent) => void) | undefined;
  readonly #failed: (error: unknown) => void;

  /** @param report Receives an error that the listener throws or rejects with. */
  constructor(listener: ((event: EmulatorEvent) => void) | undefined, report: Report) {
    this.#listener = listener;
    this.#failed = (error) => report(error, 'onEvent');
  }

  emit(event: EmulatorEvent): void {
    // The listener must not stop the device half-way.
    if (this.#listener) callBack(() => this.#listener!(event), this.#failed);
  }

  /** Emits the event of a request, as it came. */
  received(connection: string, frame: Frame): void {
    if (this.#listener) this.#frame('in', connection, frame);
  }

  /** Emits the event of wire bytes, as the device sends them. */
  said(connection: string, wire: Uint8Array): void {
    if (this.#listener) this.#frame('out', connection, frameOf(wire)!);
  }

  #frame(direction: 'in' | 'out', connection: string, frame: Frame): void {
    const decoded = decodeFrame(frame);
    if (decoded.ok) {
      this.emit({ event: 'message', direction, connection, message: decoded.message });
      return;
    }
    const { version, type, session, sequence } = frame;
    this.emit({ event: 'frame', direction, connection, problem: decoded.error.code, version, type, session, sequence });
  }
}
