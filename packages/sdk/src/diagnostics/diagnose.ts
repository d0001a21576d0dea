import type { TracingChannel } from 'node:diagnostics_channel';
import {
  type Channel,
  type Clock,
  type DeviceInfo,
  systemClock,
  type Transport,
  type TransportError,
} from '@bluetap/transport';
import {
  type ChangeMessage,
  type ChannelContext,
  type CloseMessage,
  channels,
  type DataMessage,
  type FrameMessage,
} from './channels.js';
import { FrameSplitter, type SeenFrame } from './frame-splitter.js';
import { type ChannelObserver, type Observer, observe } from './observe.js';

/** The options of `diagnose`. */
export interface DiagnoseOptions {
  /** Tells when a partial frame is forgotten: give the one that the client has. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** Channels of this process so far. */
let channelsOpened = 0;

/**
 * The same transport, which tells what it does on the channels of `node:diagnostics_channel` that `CHANNELS` names. Give
 * it to the client in the place of the other. Without a subscriber, nothing is copied, decoded or put together.
 */
export function diagnose(transport: Transport, { clock = systemClock }: DiagnoseOptions = {}): Transport {
  return observe(transport, new Publisher(transport.name, clock));
}

class Publisher implements Observer {
  readonly #transport: string;
  readonly #clock: Clock;

  constructor(transport: string, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  list(call: () => Promise<readonly DeviceInfo[]>): Promise<readonly DeviceInfo[]> {
    if (!channels.list.hasSubscribers) return call();
    return traced(channels.list, { transport: this.#transport }, call, (devices) =>
      devices.map((device) => ({ ...device })),
    );
  }

  channel(device: DeviceInfo): ChannelObserver {
    const context = { transport: this.#transport, device: Object.freeze({ ...device }), channel: ++channelsOpened };
    return new ChannelPublisher(context, this.#clock);
  }

  change(): void {
    if (channels.change.hasSubscribers) channels.change.publish({ transport: this.#transport } satisfies ChangeMessage);
  }
}

class ChannelPublisher implements ChannelObserver {
  readonly #context: ChannelContext;
  readonly #sent: Frames;
  readonly #received: Frames;

  constructor(context: ChannelContext, clock: Clock) {
    this.#context = context;
    this.#sent = new Frames(context, 'sent', clock);
    this.#received = new Frames(context, 'received', clock);
  }

  open(call: () => Promise<Channel>): Promise<Channel> {
    if (!channels.open.hasSubscribers) return call();
    return traced(channels.open, { ...this.#context }, call);
  }

  write(bytes: Uint8Array, call: () => Promise<void>): Promise<void> {
    const send = () => {
      this.#sent.see(bytes);
      return call();
    };
    if (!channels.write.hasSubscribers) return send();
    return traced(channels.write, { ...this.#context, bytes: bytes.slice() }, send);
  }

  data(bytes: Uint8Array): void {
    if (channels.data.hasSubscribers) {
      channels.data.publish({ ...this.#context, bytes: bytes.slice() } satisfies DataMessage);
    }
    this.#received.see(bytes);
  }

  closed(error: TransportError | undefined): void {
    this.#sent.end();
    this.#received.end();
    if (!channels.close.hasSubscribers) return;
    channels.close.publish({ ...this.#context, ...(error && { error }) } satisfies CloseMessage);
  }
}

/** The frames of one direction of one channel. A subscriber can start in the middle of a frame. */
class Frames {
  readonly #context: ChannelContext;
  readonly #direction: FrameMessage['direction'];
  readonly #clock: Clock;
  #splitter: FrameSplitter | undefined;
  /** Whether the next byte is outside of a frame whose beginning was not seen. */
  #inStep = true;

  constructor(context: ChannelContext, direction: FrameMessage['direction'], clock: Clock) {
    this.#context = context;
    this.#direction = direction;
    this.#clock = clock;
  }

  see(bytes: Uint8Array): void {
    if (!channels.frame.hasSubscribers) {
      this.#splitter = undefined;
      this.#inStep = bytes.at(-1) === 0;
      return;
    }
    const start = this.#inStep ? 0 : bytes.indexOf(0);
    if (start < 0) return;
    this.#inStep = true;
    this.#splitter ??= new FrameSplitter((seen) => this.#publish(seen));
    this.#splitter.push(bytes.subarray(start), this.#clock.now());
  }

  end(): void {
    this.#splitter?.reset();
  }

  #publish({ wire, decoded }: SeenFrame): void {
    const what = decoded.ok ? { message: decoded.message } : { error: decoded.error };
    const direction = this.#direction;
    channels.frame.publish({ ...this.#context, direction, bytes: wire, ...what } satisfies FrameMessage);
  }
}

/**
 * Runs a call as a traced one. Its value goes to the caller alone: a channel in the hands of a subscriber could be written
 * to. `summary` makes what the subscribers see in its place.
 */
async function traced<T, Context extends object>(
  tracing: TracingChannel<unknown, Context>,
  context: Context,
  call: () => Promise<T>,
  summary?: (value: T) => unknown,
): Promise<T> {
  let value!: T;
  await tracing.tracePromise(async () => {
    value = await call();
    return summary?.(value);
  }, context);
  return value;
}
