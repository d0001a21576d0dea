import { TransportError } from '@bluetap/transport';
import { busy, missingLibrary, notThere, permissionDenied, unplugged } from '@bluetap/transport/kit';

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The TransportError for what usb said when it was loaded, or was to list. */
export function listError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const { code } = error as { code?: string };
  const message = messageOf(error);
  if (
    code === 'ERR_DLOPEN_FAILED' ||
    code === 'ERR_MODULE_NOT_FOUND' ||
    code === 'MODULE_NOT_FOUND' ||
    /cannot find native binding|failed to load native/i.test(message)
  ) {
    return missingLibrary('usb', 'install it again on this machine, without --no-optional', error);
  }
  return new TransportError('io', `USB devices cannot be listed: ${message}`, { cause: error });
}

/** The TransportError for a device that could not be opened or claimed. */
export function openError(what: string, error: unknown, platform: string): TransportError {
  const listed = listError(error);
  if (listed === error || listed.code === 'missing-library') return listed;
  const message = messageOf(error);
  if (/permission denied|access denied|errno 13|errno 1\)/i.test(message))
    return permissionDenied(what, error, platform);
  if (/busy|in use|errno 16|exclusive/i.test(message)) {
    return busy(what, 'the other till program, or a browser tab that uses WebUSB', error);
  }
  if (/not_supported|not supported|driver/i.test(message) && platform === 'win32') {
    const text = `${what} has no WinUSB driver: a device gets it by itself from its MS OS 2.0 descriptors, or from Zadig`;
    return new TransportError('io', text, { cause: error });
  }
  if (/disconnected|not found|no such device|errno 19|errno 2\)/i.test(message)) return notThere(what, error);
  return new TransportError('io', `${what} cannot be opened: ${message}`, { cause: error });
}

/** The TransportError for a transfer that failed on an open link. */
export function transferError(what: string, error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const message = messageOf(error);
  if (isGone(error)) return unplugged(what, error);
  return new TransportError('io', `${what}: a transfer failed: ${message}`, { cause: error });
}

/** The device went away. */
export function isGone(error: unknown): boolean {
  return /disconnected|no such device|errno 19|invalid state|endpoint not found/i.test(messageOf(error));
}
