import { TransportError } from '@bluetap/transport';
import { busy, missingLibrary, notThere, permissionDenied, unplugged } from '@bluetap/transport/kit';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The TransportError for what node-hid said when it was loaded, or was to list. */
export function listError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const { code } = error as { code?: string };
  if (code === 'ERR_DLOPEN_FAILED' || code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return missingLibrary('node-hid', 'on Debian install libudev1 and libusb-1.0-0', error);
  }
  return new TransportError('io', `HID devices cannot be listed: ${messageOf(error)}`, { cause: error });
}

/** The TransportError for what node-hid said when it was to open `path`; it tells nothing but a message. */
export function openError(path: string, error: unknown, platform: string): TransportError {
  const listed = listError(error);
  if (listed === error || listed.code === 'missing-library') return listed;
  const what = `the HID device ${path}`;
  const message = messageOf(error);
  if (/permission denied|access is denied|not permitted|privilege/i.test(message)) {
    return permissionDenied(what, error, platform);
  }
  if (/in use|busy|exclusive|sharing violation/i.test(message)) {
    return busy(what, 'the other till program, or a browser tab that uses WebHID', error);
  }
  if (/no such|not found|cannot find|could not find|unable to open|no longer/i.test(message))
    return notThere(what, error);
  // A path that names nothing gets no reason from hidapi on some systems.
  if (/^cannot open device with path [^:]*$/i.test(message.trim())) return notThere(what, error);
  return new TransportError('io', `${what} cannot be opened: ${message}`, { cause: error });
}

/** What happens on an open link: hidapi's text for it differs by system, and none of it leaves a usable link. */
export function linkError(path: string, error: unknown): TransportError {
  const what = `the HID device ${path}`;
  // Linux does not clear the halt of its interrupt endpoint, and nobody else can through hidraw.
  if (/broken pipe/i.test(messageOf(error))) {
    const text = `${what} takes nothing that it is sent (its endpoint stalls): unplug it and plug it in again`;
    return new TransportError('disconnected', text, { cause: error });
  }
  return unplugged(what, error);
}
