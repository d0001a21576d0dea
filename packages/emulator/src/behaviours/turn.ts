import type { Frame } from '@bluetap/protocol';
import { callBack } from '@bluetap/transport/kit';
import type { BehaviourContext } from '../contract/emulated-device.js';
import type { EffectListener, TurnValues } from '../events/effect-listener.js';

/** A handler of a behaviour. */
export type TurnHandler<T> = (value: T, next: (value: T) => void, context: BehaviourContext) => unknown;

/** The functions that a turn calls. */
export interface TurnHandlers<Value> {
  readonly onward: (value: Value) => void;
  readonly report: (error: unknown) => void;
  /** Undefined if nobody listens to the events of the device. */
  readonly effects: EffectListener<Value> | undefined;
}

/**
 * One behaviour and the value that it received. If the behaviour fails, immediately or later, the value passes on
 * unchanged, as if the behaviour did not exist. This is not done if the behaviour has already passed the value on or
 * answered it. No method throws, because the behaviour can call a method from its own timer or promise, where no code
 * catches the error.
 */
export class Turn<Kind extends keyof TurnValues> {
  readonly #kind: Kind;
  readonly #value: TurnValues[Kind];
  readonly #handlers: TurnHandlers<TurnValues[Kind]>;
  /** What the behaviour has passed on during `run`. */
  readonly #passed: string[] = [];
  #running = false;
  #handled = false;
  #answered = false;
  #holding = false;
  #failed = false;

  constructor(kind: Kind, value: TurnValues[Kind], handlers: TurnHandlers<TurnValues[Kind]>) {
    this.#kind = kind;
    this.#value = value;
    this.#handlers = handlers;
  }

  /** Calls the handler of the behaviour. Then tells what the behaviour did to the value. */
  run(handler: (next: (value: TurnValues[Kind]) => void) => unknown): void {
    const { effects } = this.#handlers;
    // Converted before the call, because a behaviour can change the bytes in place.
    const received = effects?.textOf(this.#value);
    this.#running = true;
    this.attempt(() => handler((value) => this.#next(value)));
    this.#running = false;
    if (received !== undefined && !this.#failed) this.#tell(received);
  }

  /** Calls a function of the behaviour. */
  attempt(call: () => unknown): void {
    callBack(call, (error) => this.#fail(error));
  }

  /** The behaviour has set a timer, so it can pass the value on later. */
  hold(): void {
    this.#holding = true;
  }

  /**
   * The behaviour answers instead of the device.
   * @param send Gets the bytes and the number of the new frame, if there is one.
   */
  reply(bytes: Uint8Array, send: (bytes: Uint8Array, frameNumber: number | undefined) => void): void {
    if (this.#failed) return;
    this.attempt(() => {
      const sound = checked('onSend', bytes, 'reply()');
      this.#handled = true;
      this.#answered = true;
      send(sound, this.#handlers.effects?.onAnswer(sound));
    });
  }

  #next(value: TurnValues[Kind]): void {
    if (this.#failed) return;
    this.attempt(() => {
      const sound = checked(this.#kind, value, 'next()');
      this.#handled = true;
      const { effects } = this.#handlers;
      if (effects && this.#running) this.#passed.push(effects.textOf(sound));
      else effects?.onEffect('passed', [effects.textOf(sound)]);
      this.#handlers.onward(sound);
    });
  }

  #tell(received: string): void {
    const passed = this.#passed;
    const unchanged = passed.every((each) => each === received);
    if (passed.length === 0) {
      if (!this.#answered) this.#handlers.effects?.onEffect(this.#holding ? 'held' : 'lost', []);
    } else if (!unchanged) {
      const effect = passed.join('') === received ? 'split' : 'changed';
      this.#handlers.effects?.onEffect(effect, passed);
    } else if (passed.length > 1) this.#handlers.effects?.onEffect('repeated', passed);
  }

  #fail(error: unknown): void {
    this.#handlers.report(error);
    if (this.#handled || this.#failed) return;
    this.#failed = true;
    callBack(() => this.#handlers.onward(this.#value), this.#handlers.report);
  }
}

/** @throws TypeError if the next handler could not read the value. */
function checked<Kind extends keyof TurnValues>(kind: Kind, value: TurnValues[Kind], where: string): TurnValues[Kind] {
  if (ArrayBuffer.isView(kind === 'onSend' ? value : (value as Partial<Frame> | undefined)?.payload)) return value;
  throw new TypeError(`${where} must be given ${kind === 'onSend' ? 'bytes, a Uint8Array' : 'a frame'}`);
}
