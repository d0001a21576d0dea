import { TransportError } from '@bluetap/transport';
import { busy, missingLibrary, notThere, permissionDenied, unplugged } from '@bluetap/transport/kit';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The TransportError for what serialport said when it was loaded, or was to list. */
export function listError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const { code } = error as { code?: string };
  if (code === 'ERR_DLOPEN_FAILED' || code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return missingLibrary('serialport', 'install it again on this machine', error);
  }
  return new TransportError('io', `serial ports cannot be listed: ${messageOf(error)}`, { cause: error });
}

const CHECK = 'check the path; `bluetap list` shows the ports of BlueTap devices';

/** The TransportError for what serialport said when it was to open `path`; it tells nothing but a message. */
export function openError(path: string, error: unknown, platform: string): TransportError {
  if (error instanceof TransportError) return error;
  const message = messageOf(error);
  if ((error as { code?: string }).code?.includes('DLOPEN')) return listError(error);
  const what = `the serial port ${path}`;
  // On Windows a port that is open elsewhere is denied.
  if (/lock|busy|in use|exclusive/i.test(message) || (platform === 'win32' && /access denied/i.test(message))) {
    return busy(what, 'the other till program, a terminal program, or ModemManager', error);
  }
  if (/permission denied|access denied|not permitted/i.test(message)) return denied(what, error, platform);
  // ENXIO: a path that is there and leads to no port, as /dev/tty without a terminal, or a port that has lost its device.
  if (/no such device or address/i.test(message)) {
    const text = `${path} is not a serial port, or its device has gone: ${CHECK}`;
    return new TransportError('not-found', text, { cause: error });
  }
  if (/no such|not found|no device/i.test(message)) return notThere(what, error);
  if (/ioctl|tcgetattr|termios|is a directory/i.test(message)) {
    return new TransportError('io', `${path} is not a serial port: ${CHECK}`, { cause: error });
  }
  return new TransportError('io', `${what} cannot be opened: ${message}`, { cause: error });
}

/** The udev rule is for a BlueTap device's own port; any other, an adaptor's for one, belongs to a group. */
function denied(what: string, cause: unknown, platform: string): TransportError {
  const error = permissionDenied(what, cause, platform);
  if (platform !== 'linux') return error;
  const text = `${error.message}; for an adaptor's port, join its group instead (on Debian dialout)`;
  return new TransportError(error.code, text, { cause });
}

/** What happens on an open port: the system's word for it differs, and none of it leaves a usable link. */
export function linkError(path: string, error?: unknown): TransportError {
  return unplugged(`the serial port ${path}`, error);
}
