import { TransportError } from '../transport-error.js';
import { busy, notThere, permissionDenied } from './advice.js';
import { loadError } from './load-error.js';
import { readSystemError, type SystemError } from './system-error.js';

/**
 * Facts about the native library of a transport. With them, an error of the library becomes an error that says what to
 * do.
 */
export interface NativeLibrary {
  /** The name of its package. */
  readonly name: string;
  /** The name of the devices that it lists: "HID devices". */
  readonly devices: string;
  /** The other programs that can use such a device. It follows the word "close" in messages. */
  readonly holders: string;
  /** How to get access to a device, by `process.platform`. `other` is for every other system. */
  readonly access: {
    readonly [platform: string]: string;
    /** For every system without an entry. */
    readonly other: string;
  };
  /** True if Windows denies access to a device that another program has open, as with WinUSB and COM ports. */
  readonly deniedIsBusyOnWindows: boolean;
}

/** The origin of an error. */
export interface Origin {
  /** As `process.platform` names it. */
  readonly platform: string;
  /** The path or id of the device, as the library can quote it. */
  readonly name?: string | undefined;
}

/** How to get access on Linux. The same for every BlueTap device. */
export const UDEV_RULE = 'install the udev rule that `bluetap udev-rules` prints, then plug the device in again';

/** The TransportError for an error of a library during loading or listing. A TransportError is returned unchanged. */
export function listFailure(error: unknown, library: NativeLibrary, platform: string): TransportError {
  if (error instanceof TransportError) return error;
  const { kind, said } = readSystemError(error, platform);
  const notLoaded = loadError(error, library.name, platform);
  if (notLoaded) return notLoaded;
  const denied = kind === 'denied';
  const text = denied ? `this user may not list the ${library.devices}` : `${library.devices} cannot be listed`;
  return new TransportError(denied ? 'permission-denied' : 'io', `${text}: ${said}`, { cause: error });
}

/**
 * The TransportError for a device that could not be opened. A TransportError is returned unchanged.
 * @param what Names the device in the message: "the serial port COM3".
 * @param own Makes an error with knowledge of this transport only. Returns undefined for the general error.
 */
export function openFailure(
  error: unknown,
  library: NativeLibrary,
  what: string,
  { platform, name }: Origin,
  own?: (system: SystemError) => TransportError | undefined,
): TransportError {
  if (error instanceof TransportError) return error;
  const notLoaded = loadError(error, library.name, platform);
  if (notLoaded) return notLoaded;
  const read = readSystemError(error, platform, name);
  const isBusy = read.kind === 'denied' && platform === 'win32' && library.deniedIsBusyOnWindows;
  const system: SystemError = isBusy ? { ...read, kind: 'busy', code: 'busy' } : read;
  return own?.(system) ?? generalFailure(error, library, what, platform, system);
}

function generalFailure(
  cause: unknown,
  library: NativeLibrary,
  what: string,
  platform: string,
  { kind, said }: SystemError,
): TransportError {
  switch (kind) {
    case 'denied':
      return permissionDenied(what, library.access[platform] ?? library.access.other, cause);
    case 'busy':
      return busy(what, library.holders, cause);
    case 'absent':
    case 'no-device':
    case 'gone':
      return notThere(what, cause);
    case 'silent':
      return new TransportError('timeout', `${what} did not answer (${said}): plug it in again`, { cause });
    case 'failing':
      return new TransportError('io', `${what} does not work (${said}): plug it in again`, { cause });
    default:
      return new TransportError('io', `${what} cannot be opened (${said}): plug it in again`, { cause });
  }
}
