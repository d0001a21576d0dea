import type { Clock } from '../clock.js';
import type { Channel, ChannelHandlers, DeviceInfo, Transport } from '../transport.js';
import type { TransportError } from '../transport-error.js';
import { noAnswer } from './advice.js';
import { bounded } from './bounded.js';
import { listFailure, type NativeLibrary } from './failures.js';
import { pollForChanges } from './poll.js';

/** The functions of one native library. `Opened` is the type of its open devices. */
export interface NativeParts<Opened> {
  /** The name of the transport. */
  readonly name: string;
  /** Facts about the library, for its errors. */
  readonly library: NativeLibrary;
  /** As `process.platform` names it. */
  readonly platform: string;
  /** Measures the time limits of the calls, and the time between two looks of `watch`. */
  readonly clock: Clock;
  /** How long listing or opening may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Returns the name of the device with this id, for a message. */
  nameOf(id: string): string;
  /** Lists the devices that are attached now. It may hang: then the caller stops waiting. */
  list(): Promise<readonly DeviceInfo[]>;
  /** Opens a device. If it fails, the device is not open. It may hang. */
  acquire(id: string): Promise<Opened>;
  /** Closes a device that opened too late, when the caller no longer waits. */
  release(late: Opened): unknown;
  /** Makes a channel of an open device. @param onRelease The channel calls it when it releases the device. */
  channel(id: string, opened: Opened, handlers: ChannelHandlers, onRelease: () => void): Channel;
  /** Makes the TransportError for an error of the library during the opening of the device. */
  openError(id: string, error: unknown): TransportError;
  /** Returns a string that changes when the device is attached again. Default: its id. */
  readonly attachmentOf?: ((device: DeviceInfo) => string) | undefined;
}

/**
 * A transport over a native library. Each call of the library has a time limit and can be aborted. A device that opens
 * too late is closed. An error of the library becomes a TransportError. `watch` does not list devices while a channel
 * is open, because listing slows down the transfers.
 */
export function nativeTransport<Opened>(parts: NativeParts<Opened>): Transport {
  const { name, library, platform, clock, timeoutMs, attachmentOf = ({ id }) => id } = parts;
  /** The number of open channels. */
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
