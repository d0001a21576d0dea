import {
  decodeMessage,
  type Frame,
  FrameDecoder,
  type FrameErrorCode,
  type LinkMessage,
  type Message,
  type Reply,
} from '@bluetap/protocol';
import {
  type Channel,
  type ChannelHandlers,
  type Clock,
  type DeviceInfo,
  type Transport,
  TransportError,
} from '@bluetap/transport';
import { setDeadline, stoodStill } from '@bluetap/transport/kit';
import { asError, type Deferred, deferred, type Scope } from '../common/scope.js';
import { REPLY_TIMEOUT_MS } from './timing.js';

/** Why a frame could not be read: how it is damaged, or for which reason of section 3 it is no message of this version. */
export type Unreadable = { readonly code: FrameErrorCode } | { readonly reason: number };

/** What a connection tells its owner. */
export interface FrameChannelHandlers {
  /** The channel ended without being asked to. Called once, and not after `close`. */
  onLost(channel: FrameChannel, error: TransportError): void;
  /**
   * The reply that is waited for. Called as it is read, before anything that came behind it.
   * @returns False: it is not believed, and the wait for another one goes on.
   */
  onReply(reply: Reply, channel: FrameChannel): boolean;
  /** A LINK message of any session. */
  onLinkMessage(message: LinkMessage): void;
  /** A message that is not expected: of another session, of another sequence, or a second answer. */
  onStray(message: Message): void;
  /** A frame that could not be read. */
  onDrop(why: Unreadable): void;
}

/** The bytes of a request, and the rule for its reply. */
export interface Question {
  readonly bytes: Uint8Array;
  readonly matches: (message: Message) => boolean;
}

interface Expected {
  readonly matches: Question['matches'];
  /** Undefined when the time was up. */
  readonly answer: Deferred<Reply | undefined>;
}

/**
 * One open channel with the framing on it: sends one copy of a request at a time and waits for the one reply that matches it.
 * It knows nothing of what a command means, and repeats nothing. docs/protocol.md sections 1 and 4.
 */
export class FrameChannel {
  readonly device: DeviceInfo;
  readonly #clock: Clock;
  readonly #handlers: FrameChannelHandlers;
  readonly #decoder = new FrameDecoder({
    onFrame: (frame) => this.#onFrame(frame),
    onDrop: (code) => this.#handlers.onDrop({ code }),
  });
  #transportChannel: Channel | undefined;
  #expected: Expected | undefined;
  /** The write under way; the next one waits for it, because a transport need not accept two writes at the same time. */
  #writing: Promise<void> = Promise.resolve();
  #writesPending = 0;
  /** Why the channel is of no use any more; set once. */
  #ended: TransportError | undefined;
  #released: Promise<void> | undefined;

  private constructor(device: DeviceInfo, clock: Clock, handlers: FrameChannelHandlers) {
    this.device = device;
    this.#clock = clock;
    this.#handlers = handlers;
  }

  /** Opens `device`. Throws what `Transport.open` throws; takes as long as the transport does, whatever the scope says. */
  static async open(
    transport: Transport,
    device: DeviceInfo,
    handlers: FrameChannelHandlers,
    clock: Clock,
    scope: Scope,
  ): Promise<FrameChannel> {
    const channel = new FrameChannel(device, clock, handlers);
    const channelHandlers: ChannelHandlers = {
      onData: (bytes) => {
        if (!channel.#ended) channel.#decoder.push(bytes, clock.now());
      },
      onClose: (error) =>
        channel.#end(
          error ?? new TransportError('disconnected', `${transport.name}: the channel to ${device.id} was closed`),
        ),
    };
    channel.#transportChannel = await transport.open(device, channelHandlers, scope);
    // It can be lost between the transport's last word and ours.
    if (channel.#ended) {
      await channel.close();
      throw channel.#ended;
    }
    return channel;
  }

  /**
   * Sends one copy of a request, and waits for its reply for a second.
   * @param onCopy Called before the copy leaves.
   * @returns The reply, or undefined when none came in time.
   * @throws TransportError when the channel is lost, or takes no bytes for that second; the scope's reason.
   */
  async ask({ bytes, matches }: Question, scope: Scope, onCopy?: () => void): Promise<Reply | undefined> {
    scope.throwIfAborted();
    if (this.#ended) throw this.#ended;
    const answer = deferred<Reply | undefined>();
    this.#expected = { matches, answer };
    const onAbort = () => answer.reject(scope.reason);
    scope.onAbort(onAbort);
    let cancelDeadline: (() => void) | undefined;
    let blockedMs = 0;
    try {
      onCopy?.();
      this.#writing = this.#write(bytes, scope, this.#writing);
      // Set while the bytes are on their way.
      cancelDeadline = setDeadline(this.#clock, REPLY_TIMEOUT_MS, (stoodStillMs) => {
        blockedMs = stoodStillMs;
        answer.resolve(undefined);
      });
      const reply = await answer.promise;
      if (reply || this.#writesPending === 0) return reply;
      throw this.#end(
        new TransportError(
          'timeout',
          `${this.device.id} took no bytes for ${REPLY_TIMEOUT_MS} ms${stoodStill(blockedMs)}; the channel is given up`,
        ),
      );
    } finally {
      scope.offAbort(onAbort);
      cancelDeadline?.();
      this.#expected = undefined;
    }
  }

  /** Ends the channel, as if it had ended by itself: `onLost` is told why. Nothing, where it has ended already. */
  giveUp(error: TransportError): void {
    this.#end(error);
  }

  /** Ends the channel without telling `onLost`. Never rejects; can take as long as the transport does. */
  async close(): Promise<void> {
    this.#end(new TransportError('disconnected', `the channel to ${this.device.id} was closed`), false);
    await this.#release();
  }

  /**
   * Without a signal: to end a write that is under way would leave half a frame on the line, and a signal costs more
   * than the rest.
   */
  async #write(bytes: Uint8Array, scope: Scope, before: Promise<void>): Promise<void> {
    this.#writesPending++;
    try {
      // An idle channel takes them immediately.
      if (this.#writesPending > 1) await before;
      // A copy: what is repeated are the same bytes, whatever a transport does to those that it was given.
      if (!this.#ended && !scope.aborted) await this.#transportChannel!.write(bytes.slice());
    } catch (error) {
      this.#end(asTransportError(error, this.device));
    } finally {
      this.#writesPending--;
    }
  }

  #onFrame(frame: Frame): void {
    const decoded = decodeMessage(frame);
    if (!decoded.ok) this.#handlers.onDrop({ reason: decoded.reason });
    else if (decoded.message.type === 'LINK') this.#handlers.onLinkMessage(decoded.message);
    else if (this.#expected?.matches(decoded.message)) {
      // Taken before the owner is told: what it tells the program can end this channel, and the reply was received all
      // the same.
      const expected = this.#expected;
      this.#expected = undefined;
      if (this.#handlers.onReply(decoded.message as Reply, this)) expected.answer.resolve(decoded.message as Reply);
      else this.#expected = expected;
    } else this.#handlers.onStray(decoded.message);
  }

  /** Marks the channel as ended, ends the waiting call, and releases the transport's channel. */
  #end(error: TransportError, tell = true): TransportError {
    if (this.#ended) return this.#ended;
    this.#ended = error;
    this.#decoder.reset();
    this.#expected?.answer.reject(error);
    this.#expected = undefined;
    void this.#release();
    if (tell) this.#handlers.onLost(this, error);
    return error;
  }

  #release(): Promise<void> {
    // The contract says that it neither throws nor rejects, and there is nothing left to do for a channel that does.
    const open = this.#transportChannel;
    if (open) this.#released ??= (async () => open.close())().catch(() => {});
    return this.#released ?? Promise.resolve();
  }
}

function asTransportError(error: unknown, device: DeviceInfo): TransportError {
  if (error instanceof TransportError) return error;
  return new TransportError('io', `${device.id}: writing failed: ${asError(error).message}`, { cause: error });
}
