import type { Frame } from '@bluetap/protocol';
import type { Behaviour, BehaviourContext } from './behaviour.js';
import type { Connection } from './connection.js';
import type { Emulator } from './emulator.js';

/** What stands between the doors and the device's own answers: the behaviours, newest first. */
export class BehaviourStack {
  readonly #emulator: Emulator;
  /** Newest first. Replaced and never changed, so that what is under way keeps the stack that it began with. */
  #behaviours: readonly Behaviour[] = [];

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
  }

  use(behaviour: Behaviour): () => void {
    this.#behaviours = [behaviour, ...this.#behaviours];
    return () => {
      this.#behaviours = this.#behaviours.filter((each) => each !== behaviour);
    };
  }

  /** Takes a request to `answer` and the answer to its host, as far as the behaviours let them. */
  request(connection: Connection, frame: Frame, answer: (frame: Frame) => Uint8Array | undefined): void {
    const context = this.#context(connection, frame);
    const handlers = this.#behaviours.flatMap((behaviour) => behaviour.onFrame?.bind(behaviour) ?? []);
    passThrough(frame, handlers, context, (request) => {
      const bytes = answer(request);
      if (bytes) this.#send(connection, bytes, context);
    });
  }

  /** Takes what the device says unasked to its host. */
  say(connection: Connection, bytes: Uint8Array): void {
    this.#send(connection, bytes, this.#context(connection, undefined));
  }

  #send(connection: Connection, bytes: Uint8Array, context: BehaviourContext): void {
    const handlers = this.#behaviours.flatMap((behaviour) => behaviour.onSend?.bind(behaviour) ?? []);
    passThrough(bytes, handlers, context, (out) => connection.send(out));
  }

  #context(connection: Connection, request: Frame | undefined): BehaviourContext {
    const context: BehaviourContext = {
      emulator: this.#emulator,
      door: connection.name,
      request,
      reply: (bytes) => this.#send(connection, bytes, context),
      after: (ms, callback) => connection.after(ms, callback),
    };
    return context;
  }
}

type Handler<T> = (value: T, next: (value: T) => void, context: BehaviourContext) => void;

/** Takes a value through the handlers, and to `last` when all of them have passed it on. */
function passThrough<T>(
  value: T,
  [handler, ...rest]: readonly Handler<T>[],
  context: BehaviourContext,
  last: (value: T) => void,
): void {
  if (handler) handler(value, (changed) => passThrough(changed, rest, context, last), context);
  else last(value);
}
