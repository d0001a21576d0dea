import { type CancelCommand, type LinkChange, type PayCommand, Reason, type StatusAccepted } from '@bluetap/protocol';
import { type Clock, systemClock, type Transport } from '@bluetap/transport';
import { Scope } from './abort.js';
import { askStatus } from './ask-status.js';
import { type CallOptions, CallQueue } from './call-queue.js';
import { checkAttempts, isAttempt, NO_ATTEMPT } from './check-attempt.js';
import { checkCancelCommand, checkPayCommand, type FieldError, show } from './check-command.js';
import type { DeviceFilter } from './choose-device.js';
import { type Command, type Delivery, deliver, notSent } from './command.js';
import { settleDoubt } from './delivery.js';
import { Emitter } from './emitter.js';
import { guardedLogger, type Logger } from './logger.js';
import {
  type Attempt,
  BlueTapError,
  type CommandResult,
  type DeviceIdentity,
  type Facts,
  illegal,
  type LinkEvent,
  type LinkStatus,
  type Resolution,
  ResultCode,
} from './result.js';
import { identityOf, type Session } from './session.js';
import { SessionKeeper, type Statistics } from './session-keeper.js';
import { DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS } from './timing.js';

export interface ClientOptions {
  /** What carries the bytes: `socket(...)`, `emulator.transport()`, ... */
  readonly transport: Transport;
  /** Which device, where several may be connected. */
  readonly device?: DeviceFilter | undefined;
  /** The bound on a call that names none, in milliseconds. Default 5000. */
  readonly timeoutMs?: number | undefined;
  /** False refuses an emulated device, so that a shop never runs on one by mistake. Default true. */
  readonly allowSimulated?: boolean | undefined;
  /** Where to tell what is done. Default: nowhere. */
  readonly logger?: Logger | undefined;
  /** False lets amounts and order ids into the log. Default true. */
  readonly redact?: boolean | undefined;
  /** Attempts that an earlier run of the program wrote down; each is told through `resolved`. */
  readonly attempts?: readonly Attempt[] | undefined;
  /** Default: the system's clock. */
  readonly clock?: Clock | undefined;
  /** Gives random unsigned 32-bit numbers. Default: the platform's secure source. */
  readonly random?: (() => number) | undefined;
}

export interface PayOptions extends CallOptions {
  /**
   * Told before the first byte of the command leaves, and waited for: the place to write the attempt down. Told again,
   * with another attempt, when the first was refused because another host had taken the session. If it fails, nothing
   * is sent.
   */
  readonly onAttempt?: ((attempt: Attempt) => unknown) | undefined;
}

export interface ClientEvents {
  /** A device has answered, at first or again. Its link may have changed meanwhile. */
  connected: DeviceIdentity & LinkEvent;
  /** The device is gone, or its link failed. The client goes on looking for it. */
  disconnected: Error;
  /** The link changed without this client's doing. */
  link: LinkEvent;
  /** What an earlier `unknown` has turned out to be. */
  resolved: Resolution;
}

/**
 * The full client: keeps a session with one device, sends one command at a time, and says of every command what became
 * of it. It looks for its device from the moment it is made, and again whenever it goes away. Close it, or it keeps
 * the program alive.
 */
export class Client implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #logger: Logger | undefined;
  readonly #transport: Transport;
  readonly #defaultTimeoutMs: number;
  readonly #queue: CallQueue;
  readonly #keeper: SessionKeeper;
  readonly #delivery: Delivery;
  readonly #events: Emitter<ClientEvents>;
  readonly #closing: Scope;
  #worker: Promise<void>;
  #working = true;
  readonly #unwatch: (() => void) | undefined;
  #doubts: Attempt[];
  #lastSeen: LinkEvent | undefined;
  #identity: DeviceIdentity | undefined;
  #statusAsked = false;
  #closed: Promise<void> | undefined;

  /** @throws TypeError without a transport, or for an attempt that is none. */
  constructor(options: ClientOptions) {
    if (typeof options?.transport?.open !== 'function') {
      throw new TypeError('transport is missing, or is none: give one, such as socket("tcp://127.0.0.1:4000")');
    }
    this.#transport = options.transport;
    this.#clock = options.clock ?? systemClock;
    this.#closing = new Scope(this.#clock);
    this.#logger = guardedLogger(options.logger, options.redact ?? true);
    this.#defaultTimeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#doubts = checkAttempts(options.attempts ?? []);
    this.#queue = new CallQueue(this.#clock, () => this.#wake());
    this.#events = new Emitter(this.#logger);
    this.#keeper = new SessionKeeper({
      transport: options.transport,
      device: options.device,
      allowSimulated: options.allowSimulated ?? true,
      clock: this.#clock,
      random: options.random ?? (() => crypto.getRandomValues(new Uint32Array(1))[0]!),
      logger: this.#logger,
      onSession: (session, newLink) => this.#onSession(session, newLink),
      onLost: (error) => this.#onLost(error),
      onLinkChange: (message, session) => this.#onLinkChange(message, session),
    });
    this.#delivery = {
      keeper: this.#keeper,
      logger: this.#logger,
      onDoubt: (attempt) => this.#doubts.push(attempt),
    };
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

  /** Listens; returns the function that stops it. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /**
   * Asks the device to show the link of a command. Never rejects. SUCCESS means that the link is shown, never that the
   * shopper has paid. docs/protocol.md sections 3, 4 and 6.
   */
  pay(command: PayCommand, options: PayOptions = {}): Promise<CommandResult> {
    return this.#command('PAY', command, checkPayCommand, options);
  }

  /**
   * Asks the device to disable its link. Never rejects. SUCCESS means that no link of the order is live any more; `taps`
   * above 0 means that a phone had read it, so that it may have been paid.
   */
  cancel(command: CancelCommand = {}, options: PayOptions = {}): Promise<CommandResult> {
    return this.#command('CANCEL', command, checkCancelCommand, options);
  }

  /**
   * What the link is now.
   * @throws BlueTapError with the result code, or the signal's reason.
   */
  async status(options: CallOptions = {}): Promise<LinkStatus> {
    return this.#add(async (scope) => this.#noteStatus(await askStatus(this.#keeper, scope)), options);
  }

  /**
   * Who the device is; waits for it.
   * @throws BlueTapError with the result code, or the signal's reason.
   */
  async info(options: CallOptions = {}): Promise<DeviceIdentity> {
    return this.#add(async (scope) => identityOf(await this.#keeper.ready(scope)), options);
  }

  /**
   * Asks what became of an attempt that was written down, in this program or an earlier one, through a new session.
   * `unknown` with `pending` means that the device of the attempt is not the one that answered.
   * @throws BlueTapError with the result code, or the signal's reason, when no device answers in time; with PARAM_ILLEGAL
   * for what is no attempt.
   */
  async ask(attempt: Attempt, options: CallOptions = {}): Promise<Facts> {
    if (!isAttempt(attempt)) {
      throw illegal([
        { field: 'attempt', reason: Reason.BAD_VALUE, message: `is ${show(attempt)}, which ${NO_ATTEMPT}` },
      ]);
    }
    return this.#add(async (scope) => {
      this.#keeper.drop(true);
      return settleDoubt(attempt, (await this.#keeper.ready(scope)).hello);
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
    this.#unwatch?.();
    await this.#worker;
    await this.#keeper.close();
    this.#events.clear();
  }

  async #command(
    type: Command['type'],
    given: PayCommand | CancelCommand,
    check: (given: unknown) => readonly FieldError[],
    options: PayOptions,
  ): Promise<CommandResult> {
    let result: CommandResult;
    try {
      const problems = check(given);
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
      result = await this.#add((scope) => deliver(command, this.#delivery, options.onAttempt, scope), options);
    } catch (error) {
      result = notSent(type, error);
    }
    const { code, outcome, link, state, error } = result;
    if (state) this.#lastSeen = { state, taps: result.taps ?? 0 };
    this.#logger?.[code === ResultCode.SUCCESS ? 'info' : 'warn'](`${type} settled`, {
      code,
      outcome,
      link,
      // A field's message quotes its value, which does not belong into a log.
      error: error instanceof BlueTapError && error.fields ? error.fields.map(({ field }) => field) : error,
    });
    return result;
  }

  /**
   * Puts a call into the queue.
   * @throws BlueTapError with PARAM_ILLEGAL for a bound that is none.
   */
  #add<T>(run: (scope: Scope) => Promise<T>, { signal, timeoutMs = this.#defaultTimeoutMs }: CallOptions): Promise<T> {
    if (!(Number.isFinite(timeoutMs) && timeoutMs >= 1 && timeoutMs <= MAX_TIMEOUT_MS)) {
      const message = `must be a number of milliseconds from 1 to ${MAX_TIMEOUT_MS}, but is ${show(timeoutMs)}`;
      throw illegal([{ field: 'timeoutMs', reason: Reason.BAD_VALUE, message }]);
    }
    if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
      throw illegal([{ field: 'signal', reason: Reason.BAD_VALUE, message: 'must be an AbortSignal' }]);
    }
    this.#keeper.kick();
    return this.#queue.add(run, signal, timeoutMs, (started) => this.#timeUp(timeoutMs, started));
  }

  #timeUp(timeoutMs: number, started: boolean): BlueTapError {
    if (this.#keeper.session) {
      const turn = started ? '' : ', before its turn came';
      return new BlueTapError(ResultCode.PROCESS_FAIL, `The time was up after ${timeoutMs} ms${turn}.`);
    }
    const cause = this.#keeper.lastError;
    const code = cause instanceof BlueTapError ? cause.code : ResultCode.DEVICE_DISCONNECTED;
    const silence = this.#keeper.linkOpen ? 'open, but no BlueTap device answers there' : 'no answer yet';
    const why = cause?.message ?? `${this.#transport.name}: ${silence}.`;
    return new BlueTapError(
      code,
      `No ${code === ResultCode.DEVICE_DISCONNECTED ? 'device' : 'session'} within ${timeoutMs} ms: ${why}`,
      cause instanceof BlueTapError && cause.reason !== undefined ? { cause, reason: cause.reason } : { cause },
    );
  }

  /** Hints that make the search quicker; it works without them too. */
  #watch(): (() => void) | undefined {
    try {
      const stop = this.#transport.watch?.(() => this.#keeper.kick());
      return typeof stop === 'function' ? stop : undefined;
    } catch (error) {
      this.#logger?.warn('the transport cannot watch', { error });
      return undefined;
    }
  }

  /** Something is to be done: begins with it at once, unless something else is being done. */
  #wake(): void {
    if (!this.#working) this.#worker = this.#work();
  }

  /** Everything that touches the device is done here, one thing after another, until there is nothing left to do. */
  async #work(): Promise<void> {
    this.#working = true;
    while (!this.#closing.aborted) {
      if (!this.#keeper.session && (this.#keeper.wanted || this.#queue.length > 0)) {
        // Rejects only when the client is closed.
        await this.#keeper.ready(this.#closing).catch(() => {});
      } else {
        const call = this.#queue.shift();
        if (!call) break;
        await call.start();
      }
    }
    this.#working = false;
  }

  #noteStatus(reply: StatusAccepted): LinkStatus {
    const { type, session, sequence, result, ...status } = reply;
    const seen = { ...status, taps: status.taps ?? 0 };
    this.#lastSeen = seen;
    return seen;
  }

  #onSession(session: Session, newLink: boolean): void {
    const { hello } = session;
    const seen: LinkEvent = { state: hello.state, taps: hello.taps ?? 0 };
    const changed = this.#lastSeen && (this.#lastSeen.state !== seen.state || this.#lastSeen.taps !== seen.taps);
    this.#lastSeen = seen;
    const identity = identityOf(session);
    this.#logger?.info('session opened', { ...identity, session: hello.session, ...seen });
    // Behind a bridge, or a UART, another device or a restarted one can answer on the same link.
    const another = this.#identity?.serialNumber !== identity.serialNumber || this.#identity.bootId !== identity.bootId;
    this.#identity = identity;
    if (newLink || another) this.#events.emit('connected', { ...identity, ...seen });
    else if (changed) this.#events.emit('link', seen);
    const doubts = this.#doubts;
    this.#doubts = [];
    for (const attempt of doubts) {
      const facts = settleDoubt(attempt, hello);
      if (facts.pending) this.#doubts.push(attempt);
      else {
        this.#logger?.info('a doubt is resolved', { ...attempt, ...facts });
        this.#events.emit('resolved', { attempt, ...facts, ...seen });
      }
    }
  }

  #onLost(error: Error): void {
    this.#logger?.warn('disconnected', { error });
    this.#events.emit('disconnected', error);
    this.#wake();
  }

  #onLinkChange(message: LinkChange, session: Session): void {
    const order = session.takeLinkSequence(message.sequence);
    if (order === 'repeat') return;
    const { state, taps = 0, orderId } = message;
    const seen: LinkEvent = { state, taps, ...(orderId === undefined ? {} : { orderId }) };
    this.#lastSeen = seen;
    this.#logger?.info('the link changed', { ...seen });
    this.#events.emit('link', seen);
    if (order === 'gap') this.#catchUp();
  }

  /** Events were lost: asks for the present state, once however many there were. */
  #catchUp(): void {
    if (this.#statusAsked) return;
    this.#statusAsked = true;
    const before = this.#lastSeen;
    this.status()
      .then((status) => {
        if (status.state !== before?.state || status.taps !== before.taps) this.#events.emit('link', status);
      })
      .catch((error) => this.#logger?.debug('could not catch up on the link', { error }))
      .finally(() => {
        this.#statusAsked = false;
      });
  }
}

/**
 * A client that has a session with its device.
 * @throws BlueTapError when no device answers within the time of `options`, or the signal's reason; the client is closed
 * then. To wait for a device that may come later, make a `Client` and listen for `connected`.
 */
export async function connect(options: ClientOptions & CallOptions): Promise<Client> {
  const client = new Client(options);
  try {
    await client.info({ signal: options.signal });
    return client;
  } catch (error) {
    // Not waited for: a transport that hangs would keep the caller a second longer than it asked for.
    void client.close();
    throw error;
  }
}
