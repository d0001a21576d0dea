import type { Frame } from '@bluetap/protocol';
import { aFunction, checkOptions, printable } from '@bluetap/transport/kit';
import { aTime } from '../contract/check-arguments.js';
import type { Behaviour, BehaviourContext, EmulatedDevice } from '../contract/emulated-device.js';
import type { Report } from '../contract/report.js';
import type { TurnValues } from '../events/effect-listener.js';
import type { EventLog } from '../events/event-log.js';
import type { DeviceConnection } from '../session/connection.js';
import { Turn, type TurnHandler } from './turn.js';

/** A behaviour on the stack. */
export interface BehaviourUse {
  /** The number of the use: 1, 2, 3 ... in the order of `use`. */
  readonly id: number;
  /** The behaviour itself. */
  readonly behaviour: Behaviour;
}

/** A message on its way through the stack. */
interface Passage {
  readonly connection: DeviceConnection;
  /** The request that came, or that is answered; undefined for a LINK. */
  readonly request: Frame | undefined;
  readonly frameNumber: number;
}

/** The stack of behaviours between the connections and the device's own answers, newest first. */
export class BehaviourStack {
  readonly #emulator: EmulatedDevice;
  readonly #log: EventLog;
  readonly #report: Report;
  /** Newest first. The array is replaced and never changed, so a message keeps the stack with which it started. */
  #uses: readonly BehaviourUse[] = [];
  #lastId = 0;

  /**
   * @param log Gets the effects of the behaviours.
   * @param report Receives an error that a behaviour throws or rejects with.
   */
  constructor(emulator: EmulatedDevice, log: EventLog, report: Report) {
    this.#emulator = emulator;
    this.#log = log;
    this.#report = report;
  }

  /** The behaviours, newest first. */
  get uses(): readonly BehaviourUse[] {
    return this.#uses;
  }

  /** @throws TypeError if `behaviour` is not a behaviour. */
  use(behaviour: Behaviour): BehaviourUse {
    checkBehaviour(behaviour);
    // Each use has its own object. If a behaviour is used twice, each use can be removed by itself.
    const use = { id: ++this.#lastId, behaviour };
    this.#uses = [use, ...this.#uses];
    return use;
  }

  /** Removes one use. Returns false if it is not on the stack. */
  remove(id: number): boolean {
    const before = this.#uses.length;
    this.#uses = this.#uses.filter((use) => use.id !== id);
    return this.#uses.length < before;
  }

  removeAll(): void {
    this.#uses = [];
  }

  /** Passes a request through the behaviours to `answer`, and the answer through the behaviours to the host. */
  request(
    connection: DeviceConnection,
    frame: Frame,
    frameNumber: number,
    answer: (frame: Frame) => { bytes: Uint8Array; frameNumber: number } | undefined,
  ): void {
    this.#pass('onFrame', frame, this.#uses, { connection, request: frame, frameNumber }, (request) => {
      const said = answer(request);
      if (said) this.#send(said.bytes, { connection, request: frame, frameNumber: said.frameNumber });
    });
  }

  /** Passes a message that answers no request through the behaviours to the host. */
  say(connection: DeviceConnection, bytes: Uint8Array, frameNumber: number): void {
    this.#send(bytes, { connection, request: undefined, frameNumber });
  }

  #send(bytes: Uint8Array, passage: Passage): void {
    this.#pass('onSend', bytes, this.#uses, passage, (out) => passage.connection.send(out));
  }

  /** Passes a value through the behaviours that handle its kind. Calls `last` if all of them have passed it on. */
  #pass<Kind extends keyof TurnValues>(
    kind: Kind,
    value: TurnValues[Kind],
    uses: readonly BehaviourUse[],
    passage: Passage,
    last: (value: TurnValues[Kind]) => void,
    at = 0,
  ): void {
    const use = uses[at];
    if (!use) {
      last(value);
      return;
    }
    const onward = (passed: TurnValues[Kind]) => this.#pass(kind, passed, uses, passage, last, at + 1);
    const handler = use.behaviour[kind] as TurnHandler<TurnValues[Kind]> | undefined;
    if (handler) this.#turn(kind, value, use, handler, passage, onward);
    else onward(value);
  }

  /** Lets one behaviour handle a value. */
  #turn<Kind extends keyof TurnValues>(
    kind: Kind,
    value: TurnValues[Kind],
    { id, behaviour }: BehaviourUse,
    handler: TurnHandler<TurnValues[Kind]>,
    passage: Passage,
    onward: (value: TurnValues[Kind]) => void,
  ): void {
    const { connection, request, frameNumber } = passage;
    const turn = new Turn(kind, value, {
      onward,
      report: (error) => this.#report(error, `behaviour "${printable(String(behaviour.name))}" ${kind}`),
      effects: this.#log.effectsOf(kind, { id, behaviour, connection: connection.name, frameNumber }),
    });
    const context: BehaviourContext = {
      emulator: this.#emulator,
      connection: connection.name,
      request,
      reply: (bytes) =>
        turn.reply(bytes, (reply, number) =>
          this.#send(reply, { connection, request, frameNumber: number ?? frameNumber }),
        ),
      after: (ms, callback) =>
        turn.attempt(() => {
          checkOptions('after()', { ms, callback }, { ms: aTime, callback: aFunction });
          turn.hold();
          connection.after(ms, () => turn.attempt(callback));
        }),
    };
    turn.run((next) => handler.call(behaviour, value, next, context));
  }
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
