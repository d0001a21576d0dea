import { systemClock, type Transport } from '@bluetap/transport';
import { callBack, stoodStill } from '@bluetap/transport/kit';
import { BlueTapError } from '../common/errors.js';
import type { Logger } from '../common/logger.js';
import { Scope } from '../common/scope.js';
import { ResultCode } from '../common/types.js';
import { askForPaymentLink } from '../session/ask-for-payment-link.js';
import { HostSessions } from '../session/host-sessions.js';
import { DEFAULT_TIMEOUT_MS } from '../session/timing.js';
import { type CallOptions, CallQueue } from './call-queue.js';
import type { ClientOptions } from './client-options.js';
import { KeepAlive } from './keep-alive.js';
import type { LinkTracker } from './link-tracker.js';

/**
 * Does all work with the device, one step after the other: opens a session, runs the next call, asks for a state that
 * is not known. So two requests never run at the same time, and no lock is needed.
 */
export class Worker {
  readonly sessions: HostSessions;
  readonly #transport: Transport;
  readonly #logger: Logger | undefined;
  readonly #tracker: LinkTracker;
  readonly #defaultTimeoutMs: number;
  readonly #queue: CallQueue;
  readonly #keepAlive: KeepAlive;
  readonly #closing: Scope;
  readonly #unwatch: (() => void) | undefined;
  #running: Promise<void>;
  #busy = true;
  /** True if the state of the payment link is not known, or if it is not known whether the device is there. */
  #unsure = false;

  /** @param options The checked options, with the keepalive time of the transport. */
  constructor(options: ClientOptions, logger: Logger | undefined, tracker: LinkTracker) {
    const { transport, clock = systemClock, keepAliveMs } = options;
    this.#transport = transport;
    this.#logger = logger;
    this.#tracker = tracker;
    this.#defaultTimeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#closing = new Scope(clock);
    this.#queue = new CallQueue(clock, () => this.#wake());
    this.#keepAlive = new KeepAlive(clock, keepAliveMs ?? 0, () => this.askForPaymentLink());
    this.sessions = new HostSessions({
      transport,
      device: options.device,
      allowSimulated: options.allowSimulated ?? true,
      clock,
      random: options.random ?? (() => crypto.getRandomValues(new Uint32Array(1))[0]!),
      logger,
      onSession: (session, newChannel) => tracker.opened(session, newChannel),
      onReply: () => tracker.replied(),
      onTold: () => tracker.told(),
      onLost: (error) => this.#onLost(error),
      onLinkMessage: (message, session) => tracker.changed(message, session),
    });
    this.#unwatch = this.#watch();
    // Started later, so that the caller has its client and can add listeners before anything happens.
    this.#running = Promise.resolve().then(() => this.#run());
  }

  /** Puts a call into the queue. Its options have been checked. */
  add<T>(run: (scope: Scope) => Promise<T>, options: CallOptions | undefined): Promise<T> {
    const timeoutMs = options?.timeoutMs ?? this.#defaultTimeoutMs;
    this.sessions.kick();
    return this.#queue.add(run, options?.signal, timeoutMs, (started, stoodStillMs) =>
      this.#timeUp(timeoutMs, started, stoodStillMs),
    );
  }

  /** Asks the device for its payment link, in the session that is open, as soon as there is no other work. */
  askForPaymentLink(): void {
    this.#unsure = true;
    this.#wake();
  }

  /**
   * Ends every call with a reason, closes the channel, and removes every timer and listener. Takes at most one second.
   */
  async close(reason: Error): Promise<void> {
    this.#closing.abort(reason);
    this.#queue.close(reason);
    this.#keepAlive.stop();
    callBack(
      () => this.#unwatch?.(),
      (error) => this.#logger?.warn('the transport cannot end its watch', { error }),
    );
    await this.#running;
    await this.sessions.close();
  }

  #timeUp(timeoutMs: number, started: boolean, stoodStillMs: number): BlueTapError {
    const blocked = stoodStill(stoodStillMs);
    if (this.sessions.current) {
      const turn = started ? '' : ', before its turn came: give it more time';
      return new BlueTapError(ResultCode.PROCESS_FAIL, `The time was up after ${timeoutMs} ms${turn}${blocked}.`);
    }
    const cause = this.sessions.lastError;
    const code = cause instanceof BlueTapError ? cause.code : ResultCode.DEVICE_DISCONNECTED;
    const silence = this.sessions.channelOpen
      ? 'open, but no BlueTap device answers there: power it off and on'
      : 'no answer yet';
    const why = cause?.message ?? `${this.#transport.name}: ${silence}.`;
    return new BlueTapError(
      code,
      `No ${code === ResultCode.DEVICE_DISCONNECTED ? 'device' : 'session'} within ${timeoutMs} ms${blocked}: ${why}`,
      cause instanceof BlueTapError && cause.reason !== undefined ? { cause, reason: cause.reason } : { cause },
    );
  }

  /** Watches for changes, which make the search faster. The search also works without them. */
  #watch(): (() => void) | undefined {
    let stop: unknown;
    callBack(
      () => {
        stop = this.#transport.watch?.(() => this.sessions.kick());
        return stop;
      },
      (error) => this.#logger?.warn('the transport cannot watch', { error }),
    );
    return typeof stop === 'function' ? (stop as () => void) : undefined;
  }

  /** There is new work: starts it immediately, unless other work is running. */
  #wake(): void {
    if (!this.#busy) this.#running = this.#run();
  }

  /** Works until there is no work left. */
  async #run(): Promise<void> {
    this.#busy = true;
    this.#keepAlive.stop();
    while (!this.#closing.aborted) {
      if (!this.sessions.current && (this.sessions.wanted || !this.#queue.isEmpty)) {
        // Rejects only if the client is closed.
        await this.sessions.obtain(this.#closing).catch(() => {});
      } else {
        const call = this.#queue.shift();
        if (call) {
          await call.start();
          this.#tracker.told();
        } else if (this.#unsure) await this.#ask();
        else break;
      }
    }
    this.#busy = false;
    if (this.sessions.current && !this.#closing.aborted) this.#keepAlive.rest();
  }

  #onLost(error: Error): void {
    this.#logger?.warn('disconnected', { error });
    this.#tracker.lost(error);
    this.#wake();
  }

  async #ask(): Promise<void> {
    const status = await askForPaymentLink(this.sessions, this.#closing);
    // The answer includes every change before it. A change after the answer comes in its own message.
    this.#unsure = false;
    if (status) this.#tracker.caughtUp(status);
    this.#tracker.told();
  }
}
