import { TransportError } from '../transport-error.js';

/** The system says no. Names what grants it, on the system that this runs on. */
export function permissionDenied(what: string, cause: unknown, platform: string): TransportError {
  const advice =
    platform === 'linux'
      ? 'install the udev rule that `bluetap udev-rules` prints, then plug the device in again'
      : platform === 'darwin'
        ? 'allow this program under System Settings, Privacy & Security, Input Monitoring'
        : 'run it as a user who may open the device';
  return new TransportError('permission-denied', `this user may not open ${what}: ${advice}`, { cause });
}

/** A native module did not load. */
export function missingLibrary(module: string, packages: string, cause: unknown): TransportError {
  const why = (cause as Error | undefined)?.message?.split('\n')[0] ?? String(cause);
  return new TransportError('missing-library', `${module} did not load (${why}): ${packages}`, { cause });
}

/** The device is held by somebody else. */
export function busy(what: string, holders: string, cause: unknown): TransportError {
  return new TransportError('busy', `${what} is held by another program: close ${holders}`, { cause });
}

/** The device went away while the link was open. */
export function unplugged(what: string, cause?: unknown): TransportError {
  return new TransportError('disconnected', `${what} was unplugged, or the system took it away`, { cause });
}

/** It was in the list, and is there no more. */
export function notThere(what: string, cause?: unknown): TransportError {
  return new TransportError('not-found', `${what} is not there: check the cable, and what \`bluetap list\` shows`, {
    cause,
  });
}

/** A library of the system did not answer. */
export function noAnswer(what: string, ms: number): TransportError {
  return new TransportError('timeout', `${what} took longer than ${ms} ms: plug the device in again`);
}
