import type { Frame } from '@bluetap/protocol';
import { aFunction, callBack, checkOptions, printable } from '@bluetap/transport/kit';
import { aTime } from '../contract/check-arguments.js';
import type { Behaviour, BehaviourContext, EmulatedDevice } from '../contract/emulated-device.js';
import type { Report } from '../contract/report.js';
import type { DeviceConnection } from '../session/connection.js';

/** The stack of behaviours between the connections and the device's own answers, newest first. */
export class BehaviourStack {
  readonly #emulator: EmulatedDevice;
  readonly #report: Report;
  /** Newest first. The array is replaced and never changed, so a message keeps the stack with which it started. */
  #uses: readonly Use[] = [];

  /** @param report Receives an error that a behaviour throws or rejects with. */
  constructor(emulator: EmulatedDevice, report: Report) {
    this.#emulator = emulator;
    this.#report = report;
  }

  /** @throws TypeError if `behaviour` is not a behaviour. */
  use(behaviour: Behaviour): () => void {
    checkBehaviour(behaviour);
    // Each use has its own object. If a behaviour is used twice, each returned function removes one use.
    const use = { behaviour };
    this.#uses = [use, ...this.#uses];
    return () => {
      this.#uses = this.#uses.filter((each) => each !== use);
    };
  }

  /** Passes a request through the behaviours to `answer`, and the answer through the behaviours to the host. */
  request(connection: DeviceConnection, frame: Frame, answer: (frame: Frame) => Uint8Array | undefined): void {
    this.#pass('onFrame', frame, this.#uses, connection, frame, (request) => {
      const bytes = answer(request);
      if (bytes) this.#send(connection, bytes, frame);
    });
  }

  /** Passes a message that answers no request through the behaviours to the host. */
  say(connection: DeviceConnection, bytes: Uint8Array): void {
    this.#send(connection, bytes, undefined);
  }

  #send(connection: DeviceConnection, bytes: Uint8Array, request: Frame | undefined): void {
    this.#pass('onSend', bytes, this.#uses, connection, request, (out) => connection.send(out));
  }

  /** Passes a value through the behaviours that handle its kind. Calls `last` if all of them have passed it on. */
  #pass<Kind extends keyof Values>(
    kind: Kind,
    value: Values[Kind],
    [use, ...rest]: readonly Use[],
    connection: DeviceConnection,
    request: Frame | undefined,
    last: (value: Values[Kind]) => void,
  ): void {
    if (!use) {
      last(value);
      return;
    }
    const onward = (passed: Values[Kind]) => this.#pass(kind, passed, rest, connection, request, last);
    const { behaviour } = use;
    const handler = behaviour[kind] as Handler<Values[Kind]> | undefined;
    if (!handler) {
      onward(value);
      return;
    }
    const where = `behaviour "${printable(String(behaviour.name))}" ${kind}`;
    const turn = new Turn(kind, value, onward, (error) => this.#report(error, where));
    const context: BehaviourContext = {
      emulator: this.#emulator,
      connection: connection.name,
      request,
      reply: (bytes) => turn.reply(bytes, (reply) => this.#send(connection, reply, request)),
      after: (ms, callback) =>
        turn.attempt(() => {
          checkOptions('after()', { ms, callback }, { ms: aTime, callback: aFunction });
          connection.after(ms, () => turn.attempt(callback));
        }),
    };
    turn.attempt(() => handler.call(behaviour, value, (passed) => turn.next(passed), context));
  }
}

interface Use {
  readonly behaviour: Behaviour;
}

/** The type of the value that each handler receives. */
interface Values {
  readonly onFrame: Frame;
  readonly onSend: Uint8Array;
}

type Handler<T> = (value: T, next: (value: T) => void, context: BehaviourContext) => unknown;

/**
 * One behaviour and the value that it received. If the behaviour fails, immediately or later, the value passes on
 * unchanged, as if the behaviour did not exist. This is not done if the behaviour has already passed the value on or
 * answered it. No method throws, because the behaviour can call a method from its own timer or promise, where no code
 * catches the error.
 */
class Turn<Kind extends keyof Values> {
  readonly #kind: Kind;
  readonly #value: Values[Kind];
  readonly #onward: (value: Values[Kind]) => void;
  readonly #report: (error: unknown) => void;
  #handled = false;
  #failed = false;

  constructor(
    kind: Kind,
    value: Values[Kind],
    onward: (value: Values[Kind]) => void,
    report: (error: unknown) => void,
  ) {
    this.#kind = kind;
    this.#value = value;
    this.#onward = onward;
    this.#report = report;
  }

  /** Calls a function of the behaviour. */
  attempt(call: () => unknown): void {
    callBack(call, (error) => this.#fail(error));
  }

  /** The behaviour passes a value on. */
  next(value: Values[Kind]): void {
    if (this.#failed) return;
    this.attempt(() => {
      const sound = checked(this.#kind, value, 'next()');
      this.#handled = true;
      this.#onward(sound);
    });
  }

  /** The behaviour answers instead of the device. */
  reply(bytes: Uint8Array, send: (bytes: Uint8Array) => void): void {
    if (this.#failed) return;
    this.attempt(() => {
      const sound = checked('onSend', bytes, 'reply()');
      this.#handled = true;
      send(sound);
    });
  }

  #fail(error: unknown): void {
    this.#report(error);
    if (this.#handled || this.#failed) return;
    this.#failed = true;
    callBack(() => this.#onward(this.#value), this.#report);
  }
}

/** @throws TypeError if the next handler could not read the value. */
function checked<Kind extends keyof Values>(kind: Kind, value: Values[Kind], where: string): Values[Kind] {
  if (ArrayBuffer.isView(kind === 'onSend' ? value : (value as Partial<Frame> | undefined)?.payload)) return value;
  throw new TypeError(`${where} must be given ${kind === 'onSend' ? 'bytes, a Uint8Array' : 'a frame'}`);
}

/** @throws TypeError if `behaviour` is not a behaviour. */
function checkBehaviour(behaviour: unknown): asserts behaviour is Behaviour {
  const handlers = (['onFrame', 'onSend'] as const).map((name) => (behaviour as Partial<Behaviour> | null)?.[name]);
  const wrong = handlers.some((handler) => handler !== undefined && typeof handler !== 'function');
  if (!wrong && handlers.some((handler) => handler !== undefined)) return;
  throw new TypeError(
    'use(): a behaviour must be an object with a name and one or both of the functions onFrame and onSend',
  );
}
