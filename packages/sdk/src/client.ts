import type { CancelCommand, PayCommand } from '@bluetap/protocol';
import { Reason } from '@bluetap/protocol';
import { systemClock, type Transport } from '@bluetap/transport';
import { bindMethods, callBack, show, stoodStill } from '@bluetap/transport/kit';
import { Scope } from './abort.js';
import { askForLink } from './ask-for-link.js';
import { askStatus } from './ask-status.js';
import { type CallOptions, CallQueue } from './call-queue.js';
import { checkAttempts, isAttempt, NO_ATTEMPT } from './check-attempt.js';
import { checkCancelCommand, checkPayCommand, type FieldError } from './check-command.js';
import type { ClientEvents } from './client-events.js';
import {
  type ClientOptions,
  checkCallOptions,
  checkClientOptions,
  type PayOptions,
  problemsOfPayOptions,
} from './client-options.js';
import { type Command, type Delivery, deliver, notSent } from './command.js';
import { settleDoubt } from './delivery.js';
import { KeepAlive } from './keep-alive.js';
import { LinkTracker } from './link-tracker.js';
import { guardedLogger, type Logger } from './logger.js';
import {
  type Attempt,
  BlueTapError,
  type CommandResult,
  type DeviceIdentity,
  type Facts,
  illegal,
  type LinkStatus,
  ResultCode,
} from './result.js';
import { identityOf } from './session.js';
import { SessionKeeper, type Statistics } from './session-keeper.js';
import { DEFAULT_TIMEOUT_MS } from './timing.js';

/** An expiry time of more seconds than this has been meant as milliseconds, as a rule. */
const A_DAY_S = 86_400;

/**
 * The full client: keeps a session with one device, sends one command at a time, and says of every command what became
 * of it. It looks for its device from the moment it is made, and again whenever it goes away. Close it, or it keeps
 * the program alive.
 */
export class Client implements AsyncDisposable {
  readonly #logger: Logger | undefined;
  readonly #transport: Transport;
  readonly #defaultTimeoutMs: number;
  readonly #queue: CallQueue;
  readonly #keeper: SessionKeeper;
  readonly #delivery: Delivery;
  readonly #tracker: LinkTracker;
  readonly #keepAlive: KeepAlive;
  readonly #closing: Scope;
  #worker: Promise<void>;
  #working = true;
  readonly #unwatch: (() => void) | undefined;
  #unsure = false;
  #closed: Promise<void> | undefined;

  /** @throws TypeError that names every option that breaks its rule, or that there is not. */
  constructor(options: ClientOptions) {
    checkClientOptions(options);
    const { transport, clock = systemClock, logger, redact = true, keepAliveMs } = options;
    this.#transport = transport;
    this.#closing = new Scope(clock);
    this.#logger = guardedLogger(logger, redact);
    this.#defaultTimeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#queue = new CallQueue(clock, () => this.#wake());
    this.#tracker = new LinkTracker(checkAttempts(options.attempts ?? []), this.#logger, {
      onGap: () => this.#askLater(),
      onContradiction: (what) => this.#keeper.contradicted(what),
    });
    this.#keepAlive = new KeepAlive(clock, keepAliveMs ?? transport.keepAliveMs ?? 0, () => this.#askLater());
    this.#keeper = new SessionKeeper({
      transport,
      device: options.device,
      allowSimulated: options.allowSimulated ?? true,
      clock,
      random: options.random ?? (() => crypto.getRandomValues(new Uint32Array(1))[0]!),
      logger: this.#logger,
      onSession: (session, newLink) => this.#tracker.opened(session, newLink),
      onReply: () => this.#tracker.replied(),
      onTold: () => this.#tracker.told(),
      onLost: (error) => this.#onLost(error),
      onLinkChange: (message, session) => this.#tracker.changed(message, session),
    });
    this.#delivery = {
      keeper: this.#keeper,
      logger: this.#logger,
      onDoubt: (attempt, connection) => this.#tracker.doubted(attempt, connection),
    };
    // Before anything is given away.
    bindMethods(this);
    this.#unwatch = this.#watch();
    // The caller has its client first, so that listeners are there before anything happens.
    this.#worker = Promise.resolve().then(() => this.#work());
  }

  /** The device that has a session with this client now. */
  get device(): DeviceIdentity | undefined {
    const session = this.#keeper.session;
    return session && identityOf(session);
  }

  /** What went by unnoticed: for a diagnosis, or a test. */
  get statistics(): Statistics {
    return this.#keeper.statistics;
  }

  /**
   * Listens; returns the function that stops it. What a listener throws, or rejects with, is logged and goes nowhere else.
   * @throws TypeError for an event that there is not, or a listener that is no function.
   */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    return this.#tracker.on(name, listener);
  }

  /**
   * Asks the device to show the link of a command. Never rejects. SUCCESS means that the link is shown, never that the
   * shopper has paid. docs/protocol.md sections 3, 4 and 6.
   */
  pay(command: PayCommand, options?: PayOptions): Promise<CommandResult> {
    return this.#command('PAY', command, checkPayCommand, options);
  }

  /**
   * Asks the device to disable its link. Never rejects. SUCCESS means that no link of the order is live any more; `taps`
   * above 0 means that a phone had read it, so that it may have been paid.
   */
  cancel(command: CancelCommand = {}, options?: PayOptions): Promise<CommandResult> {
    return this.#command('CANCEL', command, checkCancelCommand, options);
  }

  /**
   * What the link is now.
   * @throws BlueTapError with the result code, or the signal's reason.
   */
  async status(options?: CallOptions): Promise<LinkStatus> {
    checkCallOptions(options);
    return this.#add(async (scope) => this.#tracker.seen(await askStatus(this.#keeper, scope)), options);
  }

  /**
   * Who the device is; waits for it.
   * @throws BlueTapError with the result code, or the signal's reason.
   */
  async info(options?: CallOptions): Promise<DeviceIdentity> {
    checkCallOptions(options);
    return this.#add(async (scope) => identityOf(await this.#keeper.ready(scope)), options);
  }

  /**
   * Asks what became of an attempt that was written down, in this program or an earlier one, through a new session.
   * `unknown` with `pending` means that the device of the attempt is not the one that answered.
   * @throws BlueTapError with the result code, or the signal's reason, when no device answers in time; with PARAM_ILLEGAL
   * for what is no attempt.
   */
  async ask(attempt: Attempt, options?: CallOptions): Promise<Facts> {
    checkCallOptions(options);
    if (!isAttempt(attempt)) {
      throw illegal([
        { field: 'attempt', reason: Reason.BAD_VALUE, message: `is ${show(attempt)}, which ${NO_ATTEMPT}` },
      ]);
    }
    // A copy, as of a command: the caller's object may change while the question waits.
    const asked = structuredClone(attempt);
    return this.#add(async (scope) => {
      this.#keeper.drop(true);
      const session = await this.#keeper.ready(scope, true);
      return settleDoubt(asked, { ...session.hello, ...session.link });
    }, options);
  }

  /**
   * Ends every call (a command that may have left is `unknown`), closes the link, and leaves no timer, listener or
   * handle behind. Takes no longer than a second, whatever the transport does. Idempotent.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const reason = new BlueTapError(ResultCode.PROCESS_FAIL, 'The client was closed.');
    this.#closing.abort(reason);
    this.#queue.close(reason);
    this.#keepAlive.stop();
    callBack(
      () => this.#unwatch?.(),
      (error) => this.#logger?.warn('the transport cannot end its watch', { error }),
    );
    await this.#worker;
    await this.#keeper.close();
    this.#tracker.close();
  }

  async #command(
    type: Command['type'],
    given: PayCommand | CancelCommand,
    check: (given: unknown) => readonly FieldError[],
    options: PayOptions | undefined,
  ): Promise<CommandResult> {
    let result: CommandResult;
    try {
      const problems = [...check(given), ...problemsOfPayOptions(options)];
      if (problems.length > 0) throw illegal(problems);
      // A copy, so that the caller's object may change while the command waits. By name: a field can come from a prototype.
      const { paymentMethod, amount, orderId, expiryTime } = given as PayCommand;
      // Written out: to spread an object took a quarter of the time until the bytes leave.
      const command =
        type === 'PAY'
          ? ({ type, session: 0, sequence: 0, paymentMethod, amount, orderId, expiryTime } as Command)
          : ({ type, session: 0, sequence: 0, orderId } as Command);
      this.#logger?.info(
        `${type} asked for`,
        type === 'PAY' ? { paymentMethod, amount, orderId, expiryTime } : { orderId },
      );
      // Milliseconds in the place of seconds show a link for days.
      if (expiryTime !== undefined && expiryTime > A_DAY_S) {
        this.#logger?.warn('expiryTime is longer than a day; it is a number of seconds', { expiryTime });
      }
      result = await this.#add((scope) => deliver(command, this.#delivery, options?.onAttempt, scope), options);
    } catch (error) {
      result = notSent(type, error);
    }
    const { code, outcome, link, state, error } = result;
    if (state) this.#tracker.seen({ state, taps: result.taps ?? 0 });
    this.#logger?.[code === ResultCode.SUCCESS ? 'info' : 'warn'](`${type} settled`, {
      code,
      outcome,
      link,
      // A field's message quotes its value, which does not belong into a log.
      error: error instanceof BlueTapError && error.fields ? error.fields.map(({ field }) => field) : error,
    });
    return result;
  }

  /** Puts a call into the queue; its options have been checked. */
  #add<T>(run: (scope: Scope) => Promise<T>, options: CallOptions | undefined): Promise<T> {
    const timeoutMs = options?.timeoutMs ?? this.#defaultTimeoutMs;
    this.#keeper.kick();
    return this.#queue.add(run, options?.signal, timeoutMs, (started, stoodStillMs) =>
      this.#timeUp(timeoutMs, started, stoodStillMs),
    );
  }

  #timeUp(timeoutMs: number, started: boolean, stoodStillMs: number): BlueTapError {
    const blocked = stoodStill(stoodStillMs);
    if (this.#keeper.session) {
      const turn = started ? '' : ', before its turn came';
      return new BlueTapError(ResultCode.PROCESS_FAIL, `The time was up after ${timeoutMs} ms${turn}${blocked}.`);
    }
    const cause = this.#keeper.lastError;
    const code = cause instanceof BlueTapError ? cause.code : ResultCode.DEVICE_DISCONNECTED;
    const silence = this.#keeper.linkOpen ? 'open, but no BlueTap device answers there' : 'no answer yet';
    const why = cause?.message ?? `${this.#transport.name}: ${silence}.`;
    return new BlueTapError(
      code,
      `No ${code === ResultCode.DEVICE_DISCONNECTED ? 'device' : 'session'} within ${timeoutMs} ms${blocked}: ${why}`,
      cause instanceof BlueTapError && cause.reason !== undefined ? { cause, reason: cause.reason } : { cause },
    );
  }

  /** Hints that make the search quicker; it works without them too. */
  #watch(): (() => void) | undefined {
    let stop: unknown;
    callBack(
      () => {
        stop = this.#transport.watch?.(() => this.#keeper.kick());
        return stop;
      },
      (error) => this.#logger?.warn('the transport cannot watch', { error }),
    );
    return typeof stop === 'function' ? (stop as () => void) : undefined;
  }

  /** Something is to be done: begins with it at once, unless something else is being done. */
  #wake(): void {
    if (!this.#working) this.#worker = this.#work();
  }

  /** Everything that touches the device is done here, one thing after another, until there is nothing left to do. */
  async #work(): Promise<void> {
    this.#working = true;
    this.#keepAlive.stop();
    while (!this.#closing.aborted) {
      if (!this.#keeper.session && (this.#keeper.wanted || !this.#queue.isEmpty)) {
        // Rejects only when the client is closed.
        await this.#keeper.ready(this.#closing).catch(() => {});
      } else {
        const call = this.#queue.shift();
        if (call) {
          await call.start();
          this.#tracker.told();
        } else if (this.#unsure) await this.#askForLink();
        else break;
      }
    }
    this.#working = false;
    if (this.#keeper.session && !this.#closing.aborted) this.#keepAlive.rest();
  }

  #onLost(error: Error): void {
    this.#logger?.warn('disconnected', { error });
    this.#tracker.lost(error);
    this.#wake();
  }

  /** Nobody knows what the link is now, or whether the device is there: it is asked when nothing else is to be done. */
  #askLater(): void {
    this.#unsure = true;
    this.#wake();
  }

  async #askForLink(): Promise<void> {
    const status = await askForLink(this.#keeper, this.#closing);
    // Whatever was lost before the answer stands in it; what is lost behind the answer is told behind it.
    this.#unsure = false;
    if (status) this.#tracker.caughtUp(status);
    this.#tracker.told();
  }
}

/**
 * A client that has a session with its device.
 * @throws BlueTapError when no device answers within the time of `options`, or the signal's reason; the client is closed
 * then. To wait for a device that may come later, make a `Client` and listen for `connected`.
 */
export async function connect(options: ClientOptions & Pick<CallOptions, 'signal'>): Promise<Client> {
  const { signal, ...rest } = Object(options) as ClientOptions & CallOptions;
  checkCallOptions({ signal });
  const client = new Client(options === Object(options) ? rest : options);
  try {
    await client.info({ signal });
    return client;
  } catch (error) {
    // Not waited for: a transport that hangs would keep the caller a second longer than it asked for.
    void client.close();
    throw error;
  }
}
