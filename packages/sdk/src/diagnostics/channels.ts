import { channel, tracingChannel } from 'node:diagnostics_channel';
import type { Message } from '@bluetap/protocol';
import type { FrameError, MessageError } from '@bluetap/protocol/tools';
import type { DeviceInfo, TransportError } from '@bluetap/transport';
import type { Client } from '../client/client.js';
import type { ClientEvents } from '../client/client-events.js';
import type { LogFields, Logger } from '../common/logger.js';

/**
 * The names of the channels. `list`, `open` and `write` are tracing channels, for `tracingChannel(name)`. Each
 * publishes `tracing:NAME:start`, `end`, `asyncStart`, `asyncEnd` and `error`, all with the same context object. The
 * others are plain channels.
 *
 * Messages contain everything that the device and the program said, also amounts and order ids: nothing is redacted
 * here. Bytes are copies that belong to the subscribers. As with every channel of Node, an error that a subscriber
 * throws becomes an uncaught exception of the process. It never reaches the call that is observed.
 */
export const CHANNELS = {
  /** `ListContext` */
  list: 'bluetap:list',
  /** `OpenContext` */
  open: 'bluetap:open',
  /** `WriteContext` */
  write: 'bluetap:write',
  /** `DataMessage` */
  data: 'bluetap:data',
  /** `FrameMessage` */
  frame: 'bluetap:frame',
  /** `CloseMessage` */
  close: 'bluetap:close',
  /** `ChangeMessage` */
  change: 'bluetap:change',
  /** `ClientMessage<'connected'>` */
  connected: 'bluetap:client:connected',
  /** `ClientMessage<'disconnected'>` */
  disconnected: 'bluetap:client:disconnected',
  /** `ClientMessage<'link'>` */
  link: 'bluetap:client:link',
  /** `ClientMessage<'resolved'>` */
  resolved: 'bluetap:client:resolved',
  /** `LogMessage` */
  log: 'bluetap:log',
} as const;

/** The context of one call of `Transport.list`. */
export interface ListContext {
  /** The transport's name. */
  readonly transport: string;
  /** A copy of the devices that it returned. */
  result?: readonly DeviceInfo[] | undefined;
  /** The error with which it rejected. */
  error?: unknown | undefined;
}

/** The channel that a message is about. */
export interface ChannelContext {
  /** The transport's name. */
  readonly transport: string;
  /** A copy of the device that `list` returned. */
  readonly device: DeviceInfo;
  /** The number of the channel in this process. It separates the messages of one channel from those of another. */
  readonly channel: number;
}

/** The context of one call of `Transport.open`. It does not contain the channel itself. */
export interface OpenContext extends ChannelContext {
  /** The error with which it rejected. */
  error?: unknown | undefined;
}

/** The context of one call of `Channel.write`. */
export interface WriteContext extends ChannelContext {
  /** A copy of the bytes that the caller passed. */
  readonly bytes: Uint8Array;
  /** The error with which it rejected. */
  error?: unknown | undefined;
}

/** Bytes that came from the device, in the pieces that the transport delivered. */
export interface DataMessage extends ChannelContext {
  /** A copy of the bytes, at least one. */
  readonly bytes: Uint8Array;
}

/**
 * A frame that was passed to the transport, or a frame from the device whose last byte has come. A part of a frame that
 * was given up is published too.
 */
export interface FrameMessage extends ChannelContext {
  /** `sent`: from this host to the device. `received`: from the device. */
  readonly direction: 'sent' | 'received';
  /**
   * The bytes on the wire: 00, the encoded bytes, and 00 if it came. For an oversize frame, the first 129 encoded bytes
   * without the closing 00.
   */
  readonly bytes: Uint8Array;
  /** The decoded message. Absent if `error` is present. */
  readonly message?: Message | undefined;
  /** Why the frame is dropped. */
  readonly error?: FrameError | MessageError | undefined;
}

/** A channel has ended. */
export interface CloseMessage extends ChannelContext {
  /** The error that ended the channel. Absent if this side closed the channel. */
  readonly error?: TransportError | undefined;
}

/** The transport reports that devices may have changed, so that the client lists them again. */
export interface ChangeMessage {
  /** The transport's name. */
  readonly transport: string;
}

/** An event of a client. */
export interface ClientMessage<Name extends keyof ClientEvents = keyof ClientEvents> {
  /** The client that the event is about. */
  readonly client: Client;
  /** The value that a listener of the event gets. */
  readonly event: ClientEvents[Name];
}

/** A log line of a client. */
export interface LogMessage {
  /** The method of the logger that was called. */
  readonly level: keyof Logger;
  /** The message of the line, without its values. */
  readonly message: string;
  /** A copy of the values of the line, by name. */
  readonly fields: LogFields;
}

// This object keeps the channels for the life of the process. Without a reference, the next channel of the same name is
// a new one, without subscribers.
export const channels = {
  list: tracingChannel<unknown, ListContext>(CHANNELS.list),
  open: tracingChannel<unknown, OpenContext>(CHANNELS.open),
  write: tracingChannel<unknown, WriteContext>(CHANNELS.write),
  data: channel(CHANNELS.data),
  frame: channel(CHANNELS.frame),
  close: channel(CHANNELS.close),
  change: channel(CHANNELS.change),
  connected: channel(CHANNELS.connected),
  disconnected: channel(CHANNELS.disconnected),
  link: channel(CHANNELS.link),
  resolved: channel(CHANNELS.resolved),
  log: channel(CHANNELS.log),
};
