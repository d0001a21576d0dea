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
 * Everything that touches the device is done here, one thing after another: a session is sought, the next call is run,
 * the device is asked for the state of its payment link when that is not known. So two requests are never under way,
 * and no lock is needed.
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
  /** The state of the payment link is not known, or it is not known whether the device is there. */
  #unsure = false;

  /** @param options Checked, and with what the transport says of a keepalive. */
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
    // The caller has its client first, so that listeners are there before anything happens.
    this.#running = Promise.resolve().then(() => this.#run());
  }

  /** Puts a call into the queue; its options have been checked. */
  add<T>(run: (scope: Scope) => Promise<T>, options: CallOptions | undefined): Promise<T> {
    const timeoutMs = options?.timeoutMs ?? this.#defaultTimeoutMs;
    this.sessions.kick();
    return this.#queue.add(run, options?.signal, timeoutMs, (started, stoodStillMs) =>
      this.#timeUp(timeoutMs, started, stoodStillMs),
    );
  }

  /** Asks the device what its payment link is, in the session that is open, when nothing else is to be done. */
  askForPaymentLink(): void {
    this.#unsure = true;
    this.#wake();
  }

  /** Ends every call with a reason, closes the channel, and leaves nothing behind. Takes no longer than a second. */
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

  /** Hints that make the search quicker; it works without them too. */
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

  /** There is work: starts it immediately, unless other work is under way. */
  #wake(): void {
    if (!this.#busy) this.#running = this.#run();
  }

  /** Until there is nothing left to do. */
  async #run(): Promise<void> {
    this.#busy = true;
    this.#keepAlive.stop();
    while (!this.#closing.aborted) {
      if (!this.sessions.current && (this.sessions.wanted || !this.#queue.isEmpty)) {
        // Rejects only when the client is closed.
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
    // Whatever was lost before the answer stands in it; what is lost behind the answer is told behind it.
    this.#unsure = false;
    if (status) this.#tracker.caughtUp(status);
    this.#tracker.told();
  }
}
