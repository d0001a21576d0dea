import { TransportError } from '@bluetap/transport';
import {
  messageOf,
  type NativeLibrary,
  openFailure,
  readSystemError,
  UDEV_RULE,
  unplugged,
} from '@bluetap/transport/kit';

export const LIBRARY: NativeLibrary = {
  name: 'usb',
  devices: 'USB devices',
  holders: 'the other POS program, or a browser tab that uses WebUSB',
  access: {
    linux: UDEV_RULE,
    darwin: 'a sandboxed app needs the entitlement com.apple.security.device.usb',
    other: 'run it as a user who may open the device',
  },
  // With WinUSB, only one program at a time can use an interface.
  deniedIsBusyOnWindows: true,
};

/**
 * The TransportError for a device that could not be opened or claimed. The library sends its own request for the name
 * of an interface. If this request takes too long, the library reports that it was cancelled.
 */
export function openError(what: string, error: unknown, platform: string): TransportError {
  return openFailure(error, LIBRARY, what, { platform }, ({ kind, said }) => {
    if (kind === 'aborted') {
      const text = `${what} did not answer, or was unplugged (${said}): plug it in again`;
      return new TransportError('timeout', text, { cause: error });
    }
    if (kind !== 'no-driver' || platform !== 'win32') return undefined;
    const text = `${what} has no WinUSB driver: Windows gets it from the MS OS 2.0 descriptors of the device; otherwise install it with Zadig`;
    return new TransportError('io', text, { cause: error });
  });
}

/** The TransportError for a transfer that failed on an open channel. */
export function transferError(what: string, error: unknown, platform: string): TransportError {
  if (error instanceof TransportError) return error;
  if (isGone(error, platform)) return unplugged(what, error);
  return new TransportError('io', `${what}: a transfer failed (${messageOf(error)}): plug it in again`, {
    cause: error,
  });
}

/**
 * True if the device is gone. The library reports "invalid state" or "endpoint not found" for a device that it has
 * closed.
 */
export function isGone(error: unknown, platform: string): boolean {
  const { kind, said } = readSystemError(error, platform);
  return kind === 'gone' || kind === 'no-device' || /invalid state|endpoint not found/i.test(said);
}

/** True if the device halts its endpoint. */
export function isStall(error: unknown, platform: string): boolean {
  return readSystemError(error, platform).kind === 'stalled';
}

/** True if the transfer was cancelled: its time was over, or the device was unplugged. */
export function isTakenBack(error: unknown, platform: string): boolean {
  const { kind } = readSystemError(error, platform);
  return kind === 'aborted' || kind === 'silent';
}
