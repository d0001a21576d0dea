import type { CancelAccepted, HelloAccepted, LinkMessage, Message, Reply } from '@bluetap/protocol';
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

/** What went by without anybody waiting for it; all count from the client's start. */
export interface Statistics {
  /** Sessions opened. */
  readonly sessions: number;
  /** Messages dropped because they belong to another session or sequence, or answer twice. */
  readonly strayMessages: number;
  /** Frames dropped because they could not be read. */
  readonly droppedFrames: number;
  /** What devices said that cannot be true, and that was not believed. */
  readonly contradictions: number;
}

export interface HostSessionsOptions {
  readonly transport: Transport;
  readonly device: DeviceFilter | undefined;
  readonly allowSimulated: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger | undefined;
  /** A session was opened, on a new channel or on the one that was there. */
  readonly onSession: (session: HostSession, newChannel: boolean) => void;
  /** The channel to a device that had answered is gone. */
  readonly onLost: (error: Error) => void;
  /** A reply was received: an event is told either before it or after it. */
  readonly onReply: () => void;
  /** No result rests on the answer to HELLO: what came behind it can be told. */
  readonly onTold: () => void;
  /** A LINK message of the session that is open, or is being opened. */
  readonly onLinkMessage: (message: LinkMessage, session: HostSession) => void;
}

/**
 * Obtains a session, and obtains it again after a loss: lists, opens and sends HELLO until it has one. All reconnecting
 * is here, once for every transport. It repeats no command; that is delivery's business. docs/protocol.md section 4.
 *
 * Only one caller at a time: the client's worker.
 */
export class HostSessions {
  readonly #options: HostSessionsOptions;
  #session: HostSession | undefined;
  /** Opened by the device, and not yet ours: what the device says in it is kept. */
  #greeting: HostSession | undefined;
  /** The latest sessions of this host, those that it did not accept too, the latest last. */
  #earlier: readonly HostSession[] = [];
  /** What the latest answer that was not believed says. */
  #contradiction: string | undefined;
  #channel: FrameChannel | undefined;
  #answered = false;
  /** When the last session was opened, and how many in a row have been lost within a pause's time. */
  #greetedAt = 0;
  #shortLived = 0;
  #wanted = true;
  #kick: Deferred<void> | undefined;
  readonly #calls: CallsUnderWay;
  #lastError: Error | undefined;
  /** Where another device answered than the one that is sought, and until when that is taken for true. */
  #other: { readonly id: string; readonly error: Error; readonly until: number } | undefined;
  #statistics = { sessions: 0, strayMessages: 0, droppedFrames: 0, contradictions: 0 };

  constructor(options: HostSessionsOptions) {
    this.#options = options;
    this.#calls = new CallsUnderWay(options.clock);
  }

  /** The session that is open, if its channel still is and nothing is in doubt. */
  get current(): HostSession | undefined {
    return this.#session;
  }

  /** The same, if it has a number left for another request. */
  get usable(): HostSession | undefined {
    return this.#session?.spent ? undefined : this.#session;
  }

  /** Whether a channel is open, with a session on it or not. */
  get channelOpen(): boolean {
    return this.#channel !== undefined;
  }

  /** Whether a session should be obtained although no call waits. */
  get wanted(): boolean {
    return this.#wanted;
  }

  /** Why the last try failed; undefined after one that did not. */
  get lastError(): Error | undefined {
    return this.#lastError;
  }

  get statistics(): Statistics {
    return { ...this.#statistics };
  }

  /**
   * The open session, or one that is sought until the scope ends it: rejects with the scope's reason.
   * @param tells Whether the caller tells the program what HELLO's answer says, as the result of its call.
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
      // A device that greets and is gone, again and again, would be greeted a thousand times a second.
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
   * Gives the session up, but not its channel: the next one begins with HELLO.
   * @param wanted False when another host took the session; to greet again without being asked would take it back.
   */
  drop(wanted: boolean): void {
    this.#session = undefined;
    this.#wanted = wanted;
  }

  /** A call waits, or a device was plugged in: ends the present pause between two tries, and skips the next one. */
  kick(): void {
    this.#shortLived = 0;
    this.#kick?.resolve();
  }

  /** The device said what cannot be true: counts it. @param what In words after "the device". */
  contradicted(what: string): void {
    this.#statistics.contradictions++;
    this.#options.logger?.warn('the device contradicts itself; that is not believed', { what });
  }

  /**
   * Whether the line on which an attempt was sent is that of `session`, and has stayed open; false where that is not
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

  /** Closes the channel and waits for the calls under way, with a time limit. */
  async close(): Promise<void> {
    this.#session = undefined;
    const channel = this.#channel;
    this.#channel = undefined;
    if (channel) this.#calls.track(channel.close());
    await this.#calls.settled();
  }

  async #establish(scope: Scope): Promise<HostSession> {
    const newChannel = !this.#channel;
    const channel = this.#channel ?? (await this.#open(scope));
    this.#channel = channel;
    try {
      const session = await this.#greet(channel, scope);
      // The channel can be lost between the answer and this line, and no later code would notice that.
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
      // No result rests on such an answer, so nothing has to wait for one.
      this.#options.onTold();
      // A channel that was lost is forgotten already; one on which a greeting was cut short by its caller is still good.
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
      // Before the program is told anything: what it does then can end this session.
      if (this.#session) this.#takeReply(this.#session, reply);
      this.#options.onReply();
      if (reply.type === 'HELLO_REPLY' && reply.result === 'SUCCESS') {
        // Here, and not where the answer is awaited: messages behind it in the same chunk belong to this session.
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
    if (reply.result === 'SUCCESS') {
      if (reply.type === 'PAY_REPLY') session.maybeShown();
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
    this.#options.logger?.debug('dropped a message that nobody waits for', { type, session, sequence });
  }

  async #greet(channel: FrameChannel, scope: Scope): Promise<HostSession> {
    const { device, allowSimulated, random, clock } = this.#options;
    const { id } = channel.device;
    this.#contradiction = undefined;
    const hello = await exchangeHello(channel, random, scope);
    if (!hello) throw unanswered(id, this.#contradiction);
    if (hello.result !== 'SUCCESS') {
      const { reason } = hello;
      // Not the device's result: PARAM_ILLEGAL would blame the caller's fields, of which it has seen none.
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
      // Each HELLO ends the session of the POS that this device belongs to.
      this.#other = { id, error, until: clock.now() + OTHER_DEVICE_MS };
      throw error;
    }
    // It was made when the answer was read.
    return this.#greeting!;
  }

  /** Lets go of a channel that is lost or of no use. */
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

/** @throws TransportError for what a list cannot give. */
function checkDevices(devices: unknown, name: string): void {
  if (!Array.isArray(devices)) {
    throw new TransportError('io', `${name}: list() must give an array of devices, but gave ${show(devices)}`);
  }
  for (const device of devices) {
    if (typeof device?.id === 'string') continue;
    throw new TransportError('io', `${name}: list() gave a device without an id (a string): ${show(device)}`);
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
