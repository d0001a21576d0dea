import type { Frame } from '@bluetap/protocol';
import { decodeFrame } from '@bluetap/protocol/tools';
import { callBack } from '@bluetap/transport/kit';
import type { EmulatorEvent } from '../contract/events.js';
import type { Report } from '../contract/report.js';
import { frameOf } from '../session/frame-of.js';

/**
 * Tells the event listener what happens; costs nothing without a listener. Each event is made for the listener only:
 * the device never reads one again, so that a listener may change what it got.
 */
export class EventLog {
  readonly #listener: ((event: EmulatorEvent) => void) | undefined;
  readonly #failed: (error: unknown) => void;

  /** @param report Told what the listener throws or rejects with. */
  constructor(listener: ((event: EmulatorEvent) => void) | undefined, report: Report) {
    this.#listener = listener;
    this.#failed = (error) => report(error, 'onEvent');
  }

  emit(event: EmulatorEvent): void {
    // It must not stop the device half-way.
    if (this.#listener) callBack(() => this.#listener!(event), this.#failed);
  }

  /** A request as it came. */
  received(connection: string, frame: Frame): void {
    if (this.#listener) this.#frame('in', connection, frame);
  }

  /** Wire bytes as the device says them. */
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
