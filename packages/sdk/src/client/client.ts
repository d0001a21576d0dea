import { type CancelCommand, type PayCommand, Reason } from '@bluetap/protocol';
import { bindMethods, show } from '@bluetap/transport/kit';
import { attemptFrom, checkAttempts, NO_ATTEMPT } from '../command/attempt.js';
import { contradictionOverDoubt } from '../command/contradictory-doubt.js';
import { type Delivery, deliver } from '../command/deliver.js';
import { settleDoubt } from '../command/outcome-rules.js';
import { notSent } from '../command/results.js';
import { checkCancelCommand, checkPayCommand, type NumberedCommand } from '../command/validate.js';
import type { CancelResult, CommandResult, PayResult } from '../common/command-result.js';
import { BlueTapError, type FieldError, illegal } from '../common/errors.js';
import { guardedLogger, type Logger } from '../common/logger.js';
import { type Attempt, type DeviceIdentity, type Facts, type PaymentLinkStatus, ResultCode } from '../common/types.js';
import { askStatus } from '../session/ask-status.js';
import { identityOf } from '../session/host-session.js';
import type { Statistics } from '../session/host-sessions.js';
import type { CallOptions } from './call-queue.js';
import type { ClientEvents } from './client-events.js';
import {
  type ClientOptions,
  type PayOptions,
  takeCallOptions,
  takeClientOptions,
  takeConnectOptions,
  takePayOptions,
} from './client-options.js';
import { LinkTracker } from './link-tracker.js';
import { Worker } from './worker.js';

/** An expiry time above this number of seconds was usually meant in milliseconds. */
const A_DAY_S = 86_400;

/**
 * The full client. It keeps a session with one device, sends one command at a time, and reports the outcome of every
 * command. It looks for its device as soon as it is created, and again each time the device is disconnected. An open
 * client keeps the program alive, so call `close`.
 */
export class Client implements AsyncDisposable {
  readonly #logger: Logger | undefined;
  readonly #tracker: LinkTracker;
  readonly #worker: Worker;
  readonly #delivery: Delivery;
  #closed: Promise<void> | undefined;

  /** @throws TypeError that names every option that breaks its rule, and every name that is not an option. */
  constructor(given: ClientOptions) {
    const options = takeClientOptions(given);
    this.#logger = guardedLogger(options.logger, options.redact ?? true);
    this.#tracker = new LinkTracker(checkAttempts(options.pendingAttempts ?? []), this.#logger, {
      onGap: () => this.#worker.askForPaymentLink(),
      onContradiction: (what) => this.#worker.sessions.contradicted(what),
    });
    this.#worker = new Worker(options, this.#logger, this.#tracker);
    this.#delivery = {
      sessions: this.#worker.sessions,
      logger: this.#logger,
      onDoubt: (attempt, channel) => this.#tracker.doubted(attempt, channel),
    };
    bindMethods(this);
  }

  /** The device that has a session with this client now. Undefined if there is no session. */
  get device(): DeviceIdentity | undefined {
    const session = this.#worker.sessions.current;
    return session && identityOf(session);
  }

  /** Counters of messages and frames that were dropped without an event, for a diagnosis or a test. */
  get statistics(): Statistics {
    return this.#worker.sessions.statistics;
  }

  /**
   * Listens to an event. An event listener that is added twice is called once. If it throws or rejects, the error is
   * logged and has no other effect.
   *
   * `events.once(client, 'link')` and `events.on(client, 'link')` of Node work too. They also listen to `error`. The
   * client accepts this name and never emits it: a failure is a result, a rejection or `disconnected`.
   * @returns The function that removes the listener.
   * @throws TypeError for an unknown event, or a listener that is not a function.
   */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    return this.#tracker.on(name, listener);
  }

  /** Listens to the next event only. Otherwise the same as `on`. */
  once<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    return this.#tracker.on(name, listener, true);
  }

  /** Removes a listener that `on` or `once` added. Does nothing if there is no such listener. */
  off<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): void {
    this.#tracker.off(name, listener);
  }

  /** The same as `off`, with the name that Node's `events` needs. */
  removeListener<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): void {
    this.#tracker.off(name, listener);
  }

  /**
   * Asks the device to show the payment link of a command. Never rejects. SUCCESS means that the payment link is shown.
   * It never means that the shopper has paid. docs/protocol.md sections 3, 4 and 6.
   */
  pay(command: PayCommand, options?: PayOptions): Promise<PayResult> {
    return this.#command('PAY', command, checkPayCommand, options);
  }

  /**
   * Asks the device to disable its payment link. Never rejects. SUCCESS means that no payment link of the order is live
   * now. `taps` above 0 means that a phone had read the payment link, so the shopper may have paid.
   */
  cancel(command: CancelCommand = {}, options?: PayOptions): Promise<CancelResult> {
    return this.#command('CANCEL', command, checkCancelCommand, options) as Promise<CancelResult>;
  }

  /**
   * Asks the device for its payment link.
   * @throws BlueTapError with the result code, or the signal's reason.
   */
  async status(options?: CallOptions): Promise<PaymentLinkStatus> {
    return this.#worker.add(
      async (scope) => this.#tracker.seen(await askStatus(this.#worker.sessions, scope)),
      takeCallOptions(options),
    );
  }

  /**
   * Returns the identity of the device. Waits until a device answers.
   * @throws BlueTapError with the result code, or the signal's reason.
   */
  async info(options?: CallOptions): Promise<DeviceIdentity> {
    return this.#worker.add(
      async (scope) => identityOf(await this.#worker.sessions.obtain(scope)),
      takeCallOptions(options),
    );
  }

  /**
   * Asks for the outcome of an attempt that this program, or an earlier run of it, stored. It opens a new session for
   * the question. `unknown` with `pending` means that another device answered, and not the device of the attempt.
   * @throws BlueTapError with the result code, or the signal's reason, if no device answers in time. BlueTapError with
   * PARAM_ILLEGAL if the value is not an attempt.
   */
  async outcomeOf(attempt: Attempt, options?: CallOptions): Promise<Facts> {
    const call = takeCallOptions(options);
    // A copy, as for a command, because the caller's object may change while the question waits.
    const asked = attemptFrom(attempt);
    if (!asked) {
      throw illegal([
        { field: 'attempt', reason: Reason.BAD_VALUE, message: `is ${show(attempt)}, which ${NO_ATTEMPT}` },
      ]);
    }
    return this.#worker.add(async (scope) => {
      this.#worker.sessions.drop(true);
      const session = await this.#worker.sessions.obtain(scope, true);
      const seen = { ...session.hello, ...session.link };
      const lineStayed = this.#worker.sessions.lineStayed(asked, session);
      const contradiction = contradictionOverDoubt(asked, seen, lineStayed);
      if (contradiction) this.#worker.sessions.contradicted(contradiction);
      return settleDoubt(asked, seen, lineStayed);
    }, call);
  }

  /**
   * Ends every call (a command that may have left is `unknown`), closes the channel, and removes every timer, listener
   * and handle. Takes at most one second, also if the transport hangs. Idempotent.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Does what `close` does: for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    // First, because closing can take a second, and a program that closes its client wants no more events.
    this.#tracker.close();
    await this.#worker.close(new BlueTapError(ResultCode.PROCESS_FAIL, 'The client was closed: make a new one.'));
  }

  async #command(
    type: NumberedCommand['type'],
    given: PayCommand | CancelCommand,
    check: (given: unknown) => readonly FieldError[],
    givenOptions: PayOptions | undefined,
  ): Promise<CommandResult> {
    let result: CommandResult;
    try {
      const { options, problems: ofOptions } = takePayOptions(givenOptions);
      const problems = [...check(given), ...ofOptions];
      if (problems.length > 0) throw illegal(problems);
      // A copy, because the caller's object may change while the command waits. Each field is read by name, because it
      // can come from a prototype.
      const { paymentMethod, amount, orderId, expiryTime } = given as PayCommand;
      // The fields are written one by one, because a spread took a quarter of the time until the bytes leave.
      const command =
        type === 'PAY'
          ? ({ type, session: 0, sequence: 0, paymentMethod, amount, orderId, expiryTime } as NumberedCommand)
          : ({ type, session: 0, sequence: 0, orderId } as NumberedCommand);
      this.#logger?.info(
        `${type} asked for`,
        type === 'PAY' ? { paymentMethod, amount, orderId, expiryTime } : { orderId },
      );
      // A number of milliseconds would show the payment link for days.
      if (expiryTime !== undefined && expiryTime > A_DAY_S) {
        this.#logger?.warn('expiryTime is longer than a day; it is a number of seconds', { expiryTime });
      }
      result = await this.#worker.add((scope) => deliver(command, this.#delivery, options?.onAttempt, scope), options);
    } catch (error) {
      result = notSent(type, error);
    }
    const { code, outcome, linkLive, state, error } = result;
    if (state) this.#tracker.seen({ state, taps: result.taps ?? 0 });
    this.#logger?.[code === ResultCode.SUCCESS ? 'info' : 'warn'](`${type} settled`, {
      code,
      outcome,
      linkLive,
      // The message of a field quotes its value, which must not be in a log.
      error: error?.fields ? error.fields.map(({ field }) => field) : error,
    });
    return result;
  }
}

/**
 * Returns a client that has a session with its device. To wait for a device that may come later, create a `Client` and
 * listen for `connected`. If `connect` rejects, it also closes the client.
 * @throws TypeError for options that break a rule. BlueTapError if no device answers within the `timeoutMs` of
 * `options`. BlueTapError with PARAM_ILLEGAL for a signal that is not an AbortSignal. The signal's reason.
 */
export async function connect(options: ClientOptions & Pick<CallOptions, 'signal'>): Promise<Client> {
  const { signal, client: own } = takeConnectOptions(options);
  const client = new Client(own);
  try {
    await client.info({ signal });
    return client;
  } catch (error) {
    // Not awaited: a transport that hangs would delay the caller by up to one second.
    void client.close();
    throw error;
  }
}
