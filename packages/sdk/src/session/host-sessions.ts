import type { CancelAccepted, HelloAccepted, LinkMessage, Message, Reply, StatusAccepted } from '@bluetap/protocol';
import { type Clock, type DeviceInfo, type Transport, TransportError } from '@bluetap/transport';
import { show, stoodStill } from '@bluetap/transport/kit';
import { describeReason } from '../common/describe-reason.js';
import { BlueTapError } from '../common/errors.js';
import type { Logger } from '../common/logger.js';
import { abortable, asError, type Deferred, deferred, Scope } from '../common/scope.js';
import { type Attempt, ResultCode } from '../common/types.js';
import { CallsUnderWay } from './calls-under-way.js';
import { chooseDevice, type DeviceFilter } from './choose-device.js';
import { contradictionInReply, REMEMBERED_SESSIONS } from './contradictory-reply.js';
import { exchangeHello } from './exchange.js';
import { FrameChannel, type FrameChannelHandlers } from './frame-channel.js';
import { HostSession } from './host-session.js';
import { OPEN_TIMEOUT_MS, OTHER_DEVICE_MS, RETRY_MS } from './timing.js';

/**
 * Counters of a client, from its start. Most of them count messages and frames that the client dropped without an
 * event.
 */
export interface Statistics {
  /** Sessions that were opened. */
  readonly sessions: number;
  /** Messages that were dropped, because they belong to another session or sequence, or are a second reply. */
  readonly strayMessages: number;
  /** Frames that were dropped, because they could not be read. */
  readonly droppedFrames: number;
  /** Contradictions of devices, which were not believed. */
  readonly contradictions: number;
}

export interface HostSessionsOptions {
  readonly transport: Transport;
  readonly device: DeviceFilter | undefined;
  readonly allowSimulated: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger | undefined;
  /** A session was opened, on a new channel or on the open one. */
  readonly onSession: (session: HostSession, newChannel: boolean) => void;
  /** The channel to a device that had answered was lost. */
  readonly onLost: (error: Error) => void;
  /** A reply was received. Every event goes before or after it. */
  readonly onReply: () => void;
  /** No result rests on the reply to HELLO, so the events after it can be emitted. */
  readonly onTold: () => void;
  /** A LINK message came, of the session that is open or is being opened. */
  readonly onLinkMessage: (message: LinkMessage, session: HostSession) => void;
}

/**
 * Opens sessions: lists the devices, opens one and sends HELLO, until there is a session. All reconnecting for every
 * transport is here. It repeats no command: the delivery does that. docs/protocol.md section 4.
 *
 * It has only one caller at a time: the client's worker.
 */
export class HostSessions {
  readonly #options: HostSessionsOptions;
  #session: HostSession | undefined;
  /** A session that the device has opened, and that the client does not use yet. Its LINK messages are kept. */
  #greeting: HostSession | undefined;
  /** The latest sessions of this host, also the sessions that it did not accept. The latest is last. */
  #earlier: readonly HostSession[] = [];
  /** The contradiction of the latest reply that was not believed. */
  #contradiction: string | undefined;
  #channel: FrameChannel | undefined;
  #answered = false;
  /** When the last session was opened, and how many sessions in a row were lost within the time of a pause. */
  #greetedAt = 0;
  #shortLived = 0;
  #wanted = true;
  #kick: Deferred<void> | undefined;
  readonly #calls: CallsUnderWay;
  #lastError: Error | undefined;
  /**
   * The place where another device answered than the device that is wanted, and the time until which this is
   * remembered.
   */
  #other: { readonly id: string; readonly error: Error; readonly until: number } | undefined;
  #statistics = { sessions: 0, strayMessages: 0, droppedFrames: 0, contradictions: 0 };

  constructor(options: HostSessionsOptions) {
    this.#options = options;
    this.#calls = new CallsUnderWay(options.clock);
  }

  /** The session that is open, if its channel is open and nothing is in doubt. */
  get current(): HostSession | undefined {
    return this.#session;
  }

  /** The open session, if it has a sequence number left for another request. */
  get usable(): HostSession | undefined {
    return this.#session?.spent ? undefined : this.#session;
  }

  /** True if a channel is open, with or without a session. */
  get channelOpen(): boolean {
    return this.#channel !== undefined;
  }

  /** True if the client should look for a session without a call. */
  get wanted(): boolean {
    return this.#wanted;
  }

  /** The error of the last try. Undefined if the last try succeeded. */
  get lastError(): Error | undefined {
    return this.#lastError;
  }

  get statistics(): Statistics {
    return { ...this.#statistics };
  }

  /**
   * Returns the open session, or opens one. Rejects with the scope's reason when the scope is aborted.
   * @param tells True if the caller's result tells the program the content of the reply to HELLO.
   */
  async obtain(scope: Scope, tells = false): Promise<HostSession> {
    const session = await this.#seek(scope);
    if (!tells) this.#options.onTold();
    return session;
  }

  async #seek(scope: Scope): Promise<HostSession> {
    for (;;) {
      scope.throwIfAborted();
      if (this.usable) return this.usable;
      this.#session = undefined;
      // Otherwise a device that answers HELLO and then disconnects, again and again, would get a thousand HELLOs a
      // second.
      if (this.#shortLived > 1) {
        this.#shortLived = 1;
        await this.#pause(scope);
      }
      try {
        return await this.#establish(scope);
      } catch (error) {
        scope.throwIfAborted();
        this.#lastError = asError(error);
        this.#options.logger?.debug('no session yet', {
          transport: this.#options.transport.name,
          error: this.#lastError.message,
        });
      }
      await this.#pause(scope);
    }
  }

  /**
   * Gives up the session, but not its channel. The next session begins with HELLO.
   * @param wanted False if another host took the session: a HELLO without a call would take the session back.
   */
  drop(wanted: boolean): void {
    this.#session = undefined;
    this.#wanted = wanted;
  }

  /**
   * There is a call, or devices may have changed. Ends a pause between two tries immediately, and skips the next pause.
   */
  kick(): void {
    this.#shortLived = 0;
    this.#kick?.resolve();
  }

  /**
   * Counts a contradiction of the device.
   * @param what The words that follow "the device".
   */
  contradicted(what: string): void {
    this.#statistics.contradictions++;
    this.#options.logger?.warn('the device contradicts itself; this answer is not believed', { what });
  }

  /**
   * True if the attempt was sent on the channel of `session`, and the channel has stayed open. False if that is not
   * known.
   */
  lineStayed({ serialNumber, bootId, session: number }: Attempt, { channel }: HostSession): boolean {
    return this.#earlier.some(
      ({ hello, channel: itsChannel }) =>
        hello.session === number &&
        hello.serialNumber === serialNumber &&
        hello.bootId === bootId &&
        itsChannel === channel,
    );
  }

  /** Closes the channel and waits for all running calls, but only for a limited time. */
  async close(): Promise<void> {
    this.#session = undefined;
    const channel = this.#channel;
    this.#channel = undefined;
    if (channel) this.#calls.track(channel.close());
    await this.#calls.settled();
  }

  async #establish(scope: Scope): Promise<HostSession> {
    // Not `!this.#channel`: the call that opened the channel can end before HELLO is answered on it.
    const newChannel = !this.#answered;
    const channel = this.#channel ?? (await this.#open(scope));
    this.#channel = channel;
    try {
      const session = await this.#greet(channel, scope);
      // The channel can be lost between the reply and this line. Without this check, the loss would not be noticed.
      if (this.#channel !== channel) throw this.#lastError;
      this.#session = session;
      session.accepted = true;
      this.#wanted = true;
      this.#answered = true;
      this.#greetedAt = this.#options.clock.now();
      this.#lastError = undefined;
      this.#statistics.sessions++;
      this.#options.onSession(session, newChannel);
      return session;
    } catch (error) {
      // No result rests on such a reply, so no event has to wait.
      this.#options.onTold();
      // A channel that was lost is already forgotten. If the caller was aborted during HELLO, the channel is still
      // good.
      if (!scope.aborted && this.#channel === channel) this.#forget(channel, asError(error));
      throw error;
    } finally {
      this.#greeting = undefined;
    }
  }

  async #open(parent: Scope): Promise<FrameChannel> {
    const { transport, clock } = this.#options;
    const scope = new Scope(clock, parent);
    scope.limit(
      OPEN_TIMEOUT_MS,
      (stoodStillMs) =>
        new TransportError(
          'timeout',
          `${transport.name}: listing or opening took longer than ${OPEN_TIMEOUT_MS} ms: check the cable or the network${stoodStill(stoodStillMs)}`,
        ),
    );
    try {
      this.#calls.checkRoom(transport.name);
      const devices = await this.#calls.take(Promise.resolve(transport.list(scope)), scope);
      checkDevices(devices, transport.name);
      const eligible: readonly DeviceInfo[] = this.#options.allowSimulated
        ? devices
        : devices.filter(({ simulated }) => !simulated);
      if (eligible.length < devices.length && eligible.length === 0) throw simulatedRefused(transport.name);
      const device = chooseDevice(eligible, this.#options.device, transport.name);
      const other = this.#other;
      if (other && other.id === device.id && clock.now() < other.until) throw other.error;
      const opening = FrameChannel.open(transport, device, this.#handlers, clock, scope);
      return await this.#calls.take(opening, scope, (late) => late.close());
    } finally {
      scope.end();
    }
  }

  readonly #handlers: FrameChannelHandlers = {
    onLost: (channel, error) => {
      if (this.#channel === channel) this.#forget(channel, error);
    },
    onReply: (reply, channel) => {
      const contradiction = contradictionInReply(reply, this.#earlier);
      if (contradiction) {
        this.#contradiction = `${channel.device.id} ${contradiction}`;
        this.contradicted(contradiction);
        return false;
      }
      // This is done before the program gets any event, because the program can then end this session.
      if (this.#session) this.#takeReply(this.#session, reply);
      this.#options.onReply();
      if (reply.type === 'HELLO_REPLY' && reply.result === 'SUCCESS') {
        // The session is created here, and not where the reply is awaited, because a message that follows in the same
        // chunk belongs to this session.
        this.#greeting = new HostSession(channel, reply as HelloAccepted);
        this.#earlier = [...this.#earlier, this.#greeting].slice(-REMEMBERED_SESSIONS);
      }
      return true;
    },
    onLinkMessage: (message) => {
      const session = this.#session ?? this.#greeting;
      if (session && message.session === session.hello.session) this.#options.onLinkMessage(message, session);
      else this.#stray(message);
    },
    onStray: (message) => this.#stray(message),
    onDrop: (why) => {
      this.#statistics.droppedFrames++;
      this.#options.logger?.debug('dropped a frame that could not be read', { ...why });
    },
  };

  #takeReply(session: HostSession, reply: Reply): void {
    session.since = undefined;
    session.payUnanswered = false;
    if (reply.result === 'SUCCESS') {
      if (reply.type === 'PAY_REPLY') session.maybeShown();
      if (reply.type === 'STATUS_REPLY') session.takeTaps((reply as StatusAccepted).taps ?? 0);
      const isCancel = reply.type === 'CANCEL_REPLY';
      if (isCancel && !session.takeTaps((reply as CancelAccepted).taps ?? 0)) {
        this.contradicted(
          'says of the payment link that CANCEL ended that it was read less often than it has said before',
        );
      }
    }
    session.paymentLinkOver = reply.state !== 'ready';
  }

  #stray({ type, session, sequence }: Message): void {
    this.#statistics.strayMessages++;
    this.#options.logger?.debug('dropped a message that no call waits for', { type, session, sequence });
  }

  async #greet(channel: FrameChannel, scope: Scope): Promise<HostSession> {
    const { device, allowSimulated, random, clock } = this.#options;
    const { id } = channel.device;
    this.#contradiction = undefined;
    const hello = await exchangeHello(channel, random, scope);
    if (!hello) throw unanswered(id, this.#contradiction);
    if (hello.result !== 'SUCCESS') {
      const { reason } = hello;
      // Not the device's code, because PARAM_ILLEGAL would blame the caller's fields, which the device has not seen.
      throw new BlueTapError(
        ResultCode.PROCESS_FAIL,
        `${id} refused HELLO: ${describeReason(reason)} (reason ${reason}).`,
        { reason },
      );
    }
    if (!allowSimulated && hello.simulated) throw simulatedRefused(`${hello.serialNumber} at ${id}`);
    if (typeof device === 'string' && device !== hello.serialNumber && device !== id) {
      const error = new BlueTapError(
        ResultCode.DEVICE_DISCONNECTED,
        `${id} is the device ${hello.serialNumber}, not ${device}: correct the option "device", or the address.`,
      );
      // Remembered, because each HELLO ends the session of the POS that this device belongs to.
      this.#other = { id, error, until: clock.now() + OTHER_DEVICE_MS };
      throw error;
    }
    // It was created when the reply was read.
    return this.#greeting!;
  }

  /** Forgets and closes a channel that is lost or useless. */
  #forget(channel: FrameChannel, error: Error): void {
    this.#channel = undefined;
    this.#session = undefined;
    this.#wanted = true;
    this.#lastError = error;
    this.#calls.leave(channel.close());
    if (this.#answered) {
      this.#answered = false;
      const short = this.#options.clock.now() - this.#greetedAt < RETRY_MS;
      this.#shortLived = short ? this.#shortLived + 1 : 0;
      this.#options.onLost(error);
    }
  }

  async #pause(scope: Scope): Promise<void> {
    const { clock } = this.#options;
    const kick = deferred<void>();
    this.#kick = kick;
    const timer = clock.setTimeout(kick.resolve, RETRY_MS);
    try {
      await abortable(kick.promise, scope);
    } finally {
      this.#kick = undefined;
      clock.clearTimeout(timer);
    }
  }
}

/** @throws TransportError if the value is not a list of devices. */
function checkDevices(devices: unknown, name: string): void {
  if (!Array.isArray(devices)) {
    throw new TransportError('io', `${name}: list() must return an array of devices, but returned ${show(devices)}`);
  }
  for (const device of devices) {
    if (typeof device?.id === 'string') continue;
    throw new TransportError('io', `${name}: list() returned a device without an id (a string): ${show(device)}`);
  }
}

function unanswered(id: string, contradiction: string | undefined): BlueTapError {
  const text = contradiction
    ? `The answer to HELLO is not believed: ${contradiction}. Power the device off and on.`
    : `${id} is open, but no BlueTap device answers there: power it off and on.`;
  return new BlueTapError(ResultCode.DEVICE_DISCONNECTED, text);
}

function simulatedRefused(what: string): BlueTapError {
  return new BlueTapError(
    ResultCode.DEVICE_DISCONNECTED,
    `${what} is a simulated device, and this program allows real ones only (allowSimulated is false): connect the real one.`,
  );
}
