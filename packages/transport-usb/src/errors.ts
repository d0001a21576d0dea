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
  // WinUSB gives an interface to one program at a time.
  deniedIsBusyOnWindows: true,
};

/**
 * The TransportError for a device that could not be opened or claimed. The library gives up a request of its own, for the
 * name of an interface, when its time is up, and says that it was cancelled.
 */
export function openError(what: string, error: unknown, platform: string): TransportError {
  return openFailure(error, LIBRARY, what, { platform }, ({ kind, said }) => {
    if (kind === 'aborted') {
      const text = `${what} did not answer, or was unplugged (${said}): plug it in again`;
      return new TransportError('timeout', text, { cause: error });
    }
    if (kind !== 'no-driver' || platform !== 'win32') return undefined;
    const text = `${what} has no WinUSB driver: a device gets it by itself from its MS OS 2.0 descriptors, or from Zadig`;
    return new TransportError('io', text, { cause: error });
  });
}

/** The TransportError for a transfer that failed on an open channel. */
export function transferError(what: string, error: unknown, platform: string): TransportError {
  if (error instanceof TransportError) return error;
  if (isGone(error, platform)) return unplugged(what, error);
  return new TransportError('io', `${what}: a transfer failed: ${messageOf(error)}`, { cause: error });
}

/** The device went away; the library itself says "invalid state" and "endpoint not found" of one that it has closed. */
export function isGone(error: unknown, platform: string): boolean {
  const { kind, said } = readSystemError(error, platform);
  return kind === 'gone' || kind === 'no-device' || /invalid state|endpoint not found/i.test(said);
}

/** The device halts its endpoint. */
export function isStall(error: unknown, platform: string): boolean {
  return readSystemError(error, platform).kind === 'stalled';
}

/** The transfer was taken back: its time was up, or the device was pulled out. */
export function isTakenBack(error: unknown, platform: string): boolean {
  const { kind } = readSystemError(error, platform);
  return kind === 'aborted' || kind === 'silent';
}
