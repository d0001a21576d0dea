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

/** An expiry time of more seconds than this has been meant as milliseconds, as a rule. */
const A_DAY_S = 86_400;

/**
 * The full client: keeps a session with one device, sends one command at a time, and says of every command what became
 * of it. It looks for its device from the moment it is made, and again whenever it goes away. Close it, or it keeps
 * the program alive.
 */
export class Client implements AsyncDisposable {
  readonly #logger: Logger | undefined;
  readonly #tracker: LinkTracker;
  readonly #worker: Worker;
  readonly #delivery: Delivery;
  #closed: Promise<void> | undefined;

  /** @throws TypeError that names every option that breaks its rule, or that there is not. */
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

  /** The device that has a session with this client now. */
  get device(): DeviceIdentity | undefined {
    const session = this.#worker.sessions.current;
    return session && identityOf(session);
  }

  /** What went by unnoticed: for a diagnosis, or a test. */
  get statistics(): Statistics {
    return this.#worker.sessions.statistics;
  }

  /**
   * Listens to an event; returns the function that stops it. A listener that is given twice is called once. What a listener
   * throws, or rejects with, is logged and goes nowhere else.
   *
   * `events.once(client, 'link')` and `events.on(client, 'link')` of Node work too. They also listen to `error`, which is
   * accepted and never comes: a failure is a result, a rejection or `disconnected`.
   * @throws TypeError for an event that there is not, or a listener that is no function.
   */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    return this.#tracker.on(name, listener);
  }

  /** As `on`, for the next event alone. */
  once<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    return this.#tracker.on(name, listener, true);
  }

  /** Removes a listener that was given to `on` or `once`. Does nothing if there is no such listener. */
  off<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): void {
    this.#tracker.off(name, listener);
  }

  /** The same as `off`, by the name that Node's `events` asks for. */
  removeListener<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): void {
    this.#tracker.off(name, listener);
  }

  /**
   * Asks the device to show the payment link of a command. Never rejects. SUCCESS means that the payment link is shown,
   * never that the shopper has paid. docs/protocol.md sections 3, 4 and 6.
   */
  pay(command: PayCommand, options?: PayOptions): Promise<PayResult> {
    return this.#command('PAY', command, checkPayCommand, options);
  }

  /**
   * Asks the device to disable its payment link. Never rejects. SUCCESS means that no payment link of the order is live
   * any more; `taps` above 0 means that a phone had read it, so that it may have been paid.
   */
  cancel(command: CancelCommand = {}, options?: PayOptions): Promise<CancelResult> {
    return this.#command('CANCEL', command, checkCancelCommand, options) as Promise<CancelResult>;
  }

  /**
   * What the payment link is now.
   * @throws BlueTapError with the result code, or the signal's reason.
   */
  async status(options?: CallOptions): Promise<PaymentLinkStatus> {
    return this.#worker.add(
      async (scope) => this.#tracker.seen(await askStatus(this.#worker.sessions, scope)),
      takeCallOptions(options),
    );
  }

  /**
   * Who the device is; waits for it.
   * @throws BlueTapError with the result code, or the signal's reason.
   */
  async info(options?: CallOptions): Promise<DeviceIdentity> {
    return this.#worker.add(
      async (scope) => identityOf(await this.#worker.sessions.obtain(scope)),
      takeCallOptions(options),
    );
  }

  /**
   * Asks what became of an attempt that was written down, in this program or an earlier one, through a new session.
   * `unknown` with `pending` means that the device of the attempt is not the one that answered.
   * @throws BlueTapError with the result code, or the signal's reason, when no device answers in time; with PARAM_ILLEGAL
   * for what is no attempt.
   */
  async outcomeOf(attempt: Attempt, options?: CallOptions): Promise<Facts> {
    const call = takeCallOptions(options);
    // A copy, as of a command: the caller's object may change while the question waits.
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
   * Ends every call (a command that may have left is `unknown`), closes the channel, and leaves no timer, listener or
   * handle behind. Takes no longer than a second, whatever the transport does. Idempotent.
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
    await this.#worker.close(new BlueTapError(ResultCode.PROCESS_FAIL, 'The client was closed: make a new one.'));
    this.#tracker.close();
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
      // A copy, so that the caller's object may change while the command waits. By name: a field can come from a prototype.
      const { paymentMethod, amount, orderId, expiryTime } = given as PayCommand;
      // Written out: to spread an object took a quarter of the time until the bytes leave.
      const command =
        type === 'PAY'
          ? ({ type, session: 0, sequence: 0, paymentMethod, amount, orderId, expiryTime } as NumberedCommand)
          : ({ type, session: 0, sequence: 0, orderId } as NumberedCommand);
      this.#logger?.info(
        `${type} asked for`,
        type === 'PAY' ? { paymentMethod, amount, orderId, expiryTime } : { orderId },
      );
      // Milliseconds in the place of seconds show a payment link for days.
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
      // A field's message quotes its value, which does not belong into a log.
      error: error?.fields ? error.fields.map(({ field }) => field) : error,
    });
    return result;
  }
}

/**
 * A client that has a session with its device.
 * To wait for a device that may come later, make a `Client` and listen for `connected`.
 * @throws TypeError for options that break a rule; BlueTapError when no device answers within the time of `options`, or, with
 * PARAM_ILLEGAL, for a signal that is no AbortSignal; the signal's reason. The client is closed then.
 */
export async function connect(options: ClientOptions & Pick<CallOptions, 'signal'>): Promise<Client> {
  const { signal, client: own } = takeConnectOptions(options);
  const client = new Client(own);
  try {
    await client.info({ signal });
    return client;
  } catch (error) {
    // Not waited for: a transport that hangs would keep the caller a second longer than it asked for.
    void client.close();
    throw error;
  }
}
