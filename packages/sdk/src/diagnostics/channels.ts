import { channel, tracingChannel } from 'node:diagnostics_channel';
import type { Message } from '@bluetap/protocol';
import type { FrameError, MessageError } from '@bluetap/protocol/tools';
import type { DeviceInfo, TransportError } from '@bluetap/transport';
import type { Client } from '../client/client.js';
import type { ClientEvents } from '../client/client-events.js';
import type { LogFields, Logger } from '../common/logger.js';

/**
 * The names of the channels. `list`, `open` and `write` are tracing channels, as `tracingChannel(name)` takes them: each
 * publishes `tracing:NAME:start`, `end`, `asyncStart`, `asyncEnd` and `error`, all with the same context object. The
 * others are plain channels.
 *
 * Messages hold what the device and the program said, amounts and order ids included: nothing is redacted here. Bytes
 * are copies that belong to the subscribers. As with every channel of Node, an error that a subscriber throws becomes an
 * uncaught exception of the process; it never reaches the call that is observed.
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
  /** `ClientMessage<'connected'>`; so the other three */
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

/** One `Transport.list`. */
export interface ListContext {
  /** The transport's name. */
  readonly transport: string;
  /** What it gave: a copy. */
  result?: readonly DeviceInfo[] | undefined;
  /** What it rejected with. */
  error?: unknown | undefined;
}

/** Which channel a message is about. */
export interface ChannelContext {
  /** The transport's name. */
  readonly transport: string;
  /** The device as `list` gave it: a copy. */
  readonly device: DeviceInfo;
  /** Counts the channels of this process, so that the messages of one can be told from those of another. */
  readonly channel: number;
}

/** One `Transport.open`. The channel itself is not given away. */
export interface OpenContext extends ChannelContext {
  /** What it rejected with. */
  error?: unknown | undefined;
}

/** One `Channel.write`. */
export interface WriteContext extends ChannelContext {
  /** What the caller handed over: a copy. */
  readonly bytes: Uint8Array;
  /** What it rejected with. */
  error?: unknown | undefined;
}

/** Bytes came from the device, cut as the transport gave them. */
export interface DataMessage extends ChannelContext {
  /** What came, at least one byte: a copy. */
  readonly bytes: Uint8Array;
}

/**
 * A frame went by: one that was handed to the transport, or one whose last byte has come from the device. A part of a frame
 * that was given up is one too.
 */
export interface FrameMessage extends ChannelContext {
  /** `sent`: from this host to the device. `received`: from the device. */
  readonly direction: 'sent' | 'received';
  /**
   * On the wire: 00, the encoded bytes, and 00 if it came. Of an oversize frame the first 129 encoded bytes, without the
   * closing 00.
   */
  readonly bytes: Uint8Array;
  /** What it says; or `error` is there. */
  readonly message?: Message | undefined;
  /** Why it is dropped. */
  readonly error?: FrameError | MessageError | undefined;
}

/** A channel has ended. */
export interface CloseMessage extends ChannelContext {
  /** Absent when this side closed it. */
  readonly error?: TransportError | undefined;
}

/** The transport says that it may be worth listing again. */
export interface ChangeMessage {
  /** The transport's name. */
  readonly transport: string;
}

/** An event of a client. */
export interface ClientMessage<Name extends keyof ClientEvents = keyof ClientEvents> {
  /** The client that the event is about. */
  readonly client: Client;
  /** What a listener of the event is given. */
  readonly event: ClientEvents[Name];
}

/** What a client logs. */
export interface LogMessage {
  /** The method of the logger that was called. */
  readonly level: keyof Logger;
  /** What the line says, without its values. */
  readonly message: string;
  /** The values that the line speaks of, by their names: a copy. */
  readonly fields: LogFields;
}

// Kept here, because Node makes a new channel without subscribers if no code keeps the old one.
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
