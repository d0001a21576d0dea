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

/**
 * Why a frame could not be read: the code of its damage, or the reason of section 3 why it is not a message of this
 * version.
 */
export type Unreadable = { readonly code: FrameErrorCode } | { readonly reason: number };

/** The functions that a frame channel calls. */
export interface FrameChannelHandlers {
  /** The channel ended, and its owner did not close it. Called once, and never after `close`. */
  onLost(channel: FrameChannel, error: TransportError): void;
  /**
   * The expected reply came. Called as soon as the reply is read, before anything that follows it on the wire.
   * @returns False if the reply is not believed. The channel then continues to wait for another one.
   */
  onReply(reply: Reply, channel: FrameChannel): boolean;
  /** A LINK message came, of any session. */
  onLinkMessage(message: LinkMessage): void;
  /** A message came that is not expected: of another session, of another sequence, or a second reply. */
  onStray(message: Message): void;
  /** A frame could not be read. */
  onDrop(why: Unreadable): void;
}

/** The bytes of a request, and the rule for its reply. */
export interface Question {
  readonly bytes: Uint8Array;
  readonly matches: (message: Message) => boolean;
}

interface Expected {
  readonly matches: Question['matches'];
  /** Resolves to undefined when the time is over. */
  readonly answer: Deferred<Reply | undefined>;
  /** True once the question is on its way. What comes before that is no answer. */
  asked: boolean;
}

/**
 * One open channel with its framing. It sends one copy of a request at a time and waits for the one reply that matches.
 * It does not know the meaning of a command, and it repeats nothing. docs/protocol.md sections 1 and 4.
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
  /**
   * The running write. The next write waits for it, because a transport need not accept two writes at the same time.
   */
  #writing: Promise<void> = Promise.resolve();
  #writesPending = 0;
  /** When the system took the bytes of the latest write. */
  #takenAt = 0;
  /** Why the channel has ended. Set once. */
  #ended: TransportError | undefined;
  #released: Promise<void> | undefined;

  private constructor(device: DeviceInfo, clock: Clock, handlers: FrameChannelHandlers) {
    this.device = device;
    this.#clock = clock;
    this.#handlers = handlers;
  }

  /**
   * Opens `device`. Takes as long as the transport takes, also after the scope was aborted.
   * @throws What `Transport.open` throws.
   */
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
    // The channel can be lost after the transport resolved and before this line.
    if (channel.#ended) {
      await channel.close();
      throw channel.#ended;
    }
    return channel;
  }

  /**
   * Sends one copy of a request, and waits one second for its reply, from when the system has taken the bytes.
   * @param onCopy Called before the copy leaves.
   * @returns The reply, or undefined if none came in time.
   * @throws TransportError if the channel is lost, or does not take the bytes within that second. The scope's reason.
   */
  async ask({ bytes, matches }: Question, scope: Scope, onCopy?: () => void): Promise<Reply | undefined> {
    scope.throwIfAborted();
    if (this.#ended) throw this.#ended;
    const answer = deferred<Reply | undefined>();
    const expected: Expected = { matches, answer, asked: false };
    this.#expected = expected;
    const onAbort = () => answer.reject(scope.reason);
    scope.onAbort(onAbort);
    let cancelDeadline: (() => void) | undefined;
    let blockedMs = 0;
    try {
      onCopy?.();
      this.#writing = this.#write(bytes, expected, scope, this.#writing);
      const onTimeUp = (stoodStillMs: number) => {
        // If the system took the bytes late, the device got them late.
        const leftMs = this.#writesPending > 0 ? 0 : this.#takenAt + REPLY_TIMEOUT_MS - this.#clock.now();
        if (leftMs > 0) {
          cancelDeadline = setDeadline(this.#clock, leftMs, onTimeUp);
          return;
        }
        blockedMs = stoodStillMs;
        answer.resolve(undefined);
      };
      // The timer is set while the bytes are on their way.
      cancelDeadline = setDeadline(this.#clock, REPLY_TIMEOUT_MS, onTimeUp);
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

  /** Ends the channel as if it had failed: `onLost` gets the error. Does nothing if the channel has ended. */
  giveUp(error: TransportError): void {
    this.#end(error);
  }

  /** Ends the channel without a call of `onLost`. Never rejects. Can take as long as the transport takes. */
  async close(): Promise<void> {
    this.#end(new TransportError('disconnected', `the channel to ${this.device.id} was closed`), false);
    await this.#release();
  }

  /**
   * Writes without a signal. To abort a running write would leave half a frame on the wire. Also, a signal costs more
   * than the rest of the write.
   */
  async #write(bytes: Uint8Array, expected: Expected, scope: Scope, before: Promise<void>): Promise<void> {
    this.#writesPending++;
    try {
      // An idle channel takes the bytes immediately.
      if (this.#writesPending > 1) await before;
      if (this.#ended || scope.aborted) return;
      expected.asked = true;
      // A copy, so that the repeated bytes stay the same if a transport changes its array.
      await this.#transportChannel!.write(bytes.slice());
      this.#takenAt = this.#clock.now();
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
    else if (this.#expected?.asked && this.#expected.matches(decoded.message)) {
      // The expectation is cleared before the owner is called: the program can then end this channel, and the received
      // reply still counts.
      const expected = this.#expected;
      this.#expected = undefined;
      if (this.#handlers.onReply(decoded.message as Reply, this)) expected.answer.resolve(decoded.message as Reply);
      else this.#expected = expected;
    } else this.#handlers.onStray(decoded.message);
  }

  /** Marks the channel as ended, rejects the wait for a reply, and closes the channel of the transport. */
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
    // By the contract, `close` neither throws nor rejects. If it does, there is nothing left to do.
    const open = this.#transportChannel;
    if (open) this.#released ??= (async () => open.close())().catch(() => {});
    return this.#released ?? Promise.resolve();
  }
}

function asTransportError(error: unknown, device: DeviceInfo): TransportError {
  if (error instanceof TransportError) return error;
  return new TransportError('io', `${device.id}: writing failed: ${asError(error).message}`, { cause: error });
}
