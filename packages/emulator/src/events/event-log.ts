import type { Frame } from '@bluetap/protocol';
import { decodeFrame, encodeFrame } from '@bluetap/protocol/tools';
import { callBack } from '@bluetap/transport/kit';
import type { Behaviour } from '../contract/emulated-device.js';
import type { EmulatorEvent, LoggedFrame } from '../contract/events.js';
import type { Report } from '../contract/report.js';
import { frameOf } from '../session/frame-of.js';
import type { EffectListener, TurnValues } from './effect-listener.js';

/** A behaviour and the frame that it handles. */
export interface BehaviourTurn {
  readonly id: number;
  readonly behaviour: Behaviour;
  readonly connection: string;
  readonly frameNumber: number;
}

type BehaviourEvent = Extract<EmulatorEvent, { event: 'behaviour' }>;

/**
 * Passes events to the event listener. Makes no event without a listener. Each event is made for the listener only. The
 * device never reads an event again, so the listener may change it.
 */
export class EventLog {
  readonly #listener: ((event: EmulatorEvent) => void) | undefined;
  readonly #failed: (error: unknown) => void;
  #frames = 0;

  /** @param report Receives an error that the listener throws or rejects with. */
  constructor(listener: ((event: EmulatorEvent) => void) | undefined, report: Report) {
    this.#listener = listener;
    // Not assigned directly, as in DeviceConnection.
    const failed = (error: unknown) => report(error, 'onEvent');
    this.#failed = failed;
  }

  /** False if nobody listens. Then an event that takes time to make need not be made. */
  get isHeard(): boolean {
    return this.#listener !== undefined;
  }

  emit(event: EmulatorEvent): void {
    // The listener must not stop the device half-way.
    if (this.#listener) callBack(() => this.#listener!(event), this.#failed);
  }

  /** Emits the event of a request, as it came. Returns the number of the frame. */
  received(connection: string, frame: Frame): number {
    const frameNumber = ++this.#frames;
    if (this.#listener) this.#frame({ direction: 'in', connection, frameNumber, wire: hex(encodeFrame(frame)) }, frame);
    return frameNumber;
  }

  /** Emits the event of wire bytes, as the device sends them. Returns the number of the frame. */
  said(connection: string, wire: Uint8Array): number {
    const frameNumber = ++this.#frames;
    if (this.#listener) this.#frame({ direction: 'out', connection, frameNumber, wire: hex(wire) }, frameOf(wire)!);
    return frameNumber;
  }

  /** Returns the listener for what a behaviour does to a frame, or undefined if nobody listens. */
  effectsOf<Kind extends keyof TurnValues>(
    kind: Kind,
    turn: BehaviourTurn,
  ): EffectListener<TurnValues[Kind]> | undefined {
    if (!this.#listener) return undefined;
    const direction = kind === 'onFrame' ? 'in' : 'out';
    return {
      textOf: (value) => (kind === 'onFrame' ? frameText(value as Frame) : hex(value as Uint8Array)),
      onEffect: (effect, passed) => this.#effect(turn, { effect, direction, wire: passed.join('') }),
      onAnswer: (bytes) => {
        const answerNumber = ++this.#frames;
        this.#effect(turn, { effect: 'answered', direction, wire: hex(bytes), answerNumber });
        return answerNumber;
      },
    };
  }

  #effect(
    { id, behaviour, connection, frameNumber }: BehaviourTurn,
    { wire, ...effect }: Pick<BehaviourEvent, 'effect' | 'direction' | 'answerNumber'> & { readonly wire: string },
  ): void {
    const { left } = behaviour;
    this.emit({
      event: 'behaviour',
      id,
      name: String(behaviour.name),
      ...effect,
      connection,
      frameNumber,
      ...(wire !== '' && { wire }),
      ...(left !== undefined && { left }),
    });
  }

  #frame(logged: LoggedFrame, frame: Frame): void {
    const decoded = decodeFrame(frame);
    if (decoded.ok) {
      this.emit({ event: 'message', ...logged, message: decoded.message });
      return;
    }
    const { version, type, session, sequence } = frame;
    this.emit({ event: 'frame', ...logged, problem: decoded.error.code, version, type, session, sequence });
  }
}

/** The wire bytes of a frame as text. Empty if a behaviour has made a frame that no bytes can have. */
function frameText(frame: Frame): string {
  try {
    return hex(encodeFrame(frame));
  } catch {
    return '';
  }
}

/** Wire bytes as text, so that an event makes one line of JSON. */
function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
