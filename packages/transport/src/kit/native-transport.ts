import type { Clock } from '../clock.js';
import type { Channel, ChannelHandlers, DeviceInfo, Transport } from '../transport.js';
import type { TransportError } from '../transport-error.js';
import { noAnswer } from './advice.js';
import { bounded } from './bounded.js';
import { listFailure, type NativeLibrary } from './failures.js';
import { pollForChanges } from './poll.js';

/** What one native library does. `Opened` is what it gives for an open device. */
export interface NativeParts<Opened> {
  /** The transport's name. */
  readonly name: string;
  /** What is known of the library, for its errors. */
  readonly library: NativeLibrary;
  /** As `process.platform` names it. */
  readonly platform: string;
  /** Bounds the calls, and says when to look around again. */
  readonly clock: Clock;
  /** How long listing or opening may take, in milliseconds. */
  readonly timeoutMs: number;
  /** The device with this id, in a message. */
  nameOf(id: string): string;
  /** The devices that are attached now. May hang: it is given up. */
  list(): Promise<readonly DeviceInfo[]>;
  /** Opens a device, and leaves nothing open when it fails. May hang. */
  acquire(id: string): Promise<Opened>;
  /** Closes what opened too late: whoever asked has gone. */
  release(late: Opened): unknown;
  /** Makes a channel of an open device. @param onRelease To be called when the device is let go. */
  channel(id: string, opened: Opened, handlers: ChannelHandlers, onRelease: () => void): Channel;
  /** The error for what the library said when it was to open the device. */
  openError(id: string, error: unknown): TransportError;
  /** Another text for another attachment of a device. Default: its id. */
  readonly attachmentOf?: ((device: DeviceInfo) => string) | undefined;
}

/**
 * A transport over a native library: each call into it is bounded and can be aborted, what comes too late is closed, what it
 * says becomes a TransportError, and nobody looks around while a channel is open, which would slow its transfers down.
 */
export function nativeTransport<Opened>(parts: NativeParts<Opened>): Transport {
  const { name, library, platform, clock, timeoutMs, attachmentOf = ({ id }) => id } = parts;
  /** Channels that are open. */
  let open = 0;
  const within = <T>(what: string, work: () => Promise<T>, signal?: AbortSignal, onLate?: (late: T) => unknown) =>
    bounded(work, {
      clock,
      timeoutMs,
      timedOut: (stoodStillMs) => noAnswer(what, timeoutMs, stoodStillMs),
      signal,
      ...(onLate && { onLate }),
    });
  const list = (signal?: AbortSignal) => within(`listing the ${library.devices}`, () => parts.list(), signal);
  return {
    name,
    async list({ signal } = {}) {
      try {
        return await list(signal);
      } catch (error) {
        throw signal?.aborted ? error : listFailure(error, library, platform);
      }
    },
    async open({ id }, handlers, { signal } = {}) {
      try {
        const opening = () => parts.acquire(id);
        const opened = await within(`opening ${parts.nameOf(id)}`, opening, signal, (late) => parts.release(late));
        open++;
        return parts.channel(id, opened, handlers, () => open--);
      } catch (error) {
        throw signal?.aborted ? error : parts.openError(id, error);
      }
    },
    watch: (onChange) =>
      pollForChanges(clock, async () => (open > 0 ? undefined : (await list()).map(attachmentOf).join('\n')), onChange),
  };
}
