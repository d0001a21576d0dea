import { TransportError } from '@bluetap/transport';
import { aFunction, callBack, checkOptions } from '@bluetap/transport/kit';
import type { EmulatedDevice } from '../contract/emulated-device.js';
import type { Listener } from './listener.js';
import { checkEmulator, serve } from './serve.js';
import { startTerminal, type Terminal } from './terminal.js';

/**
 * What happens to a pseudo-terminal after it was opened. What these throw or reject with goes to the emulator's
 * `onError`.
 */
export interface PtyOptions {
  /** Another terminal took its place, because the device was plugged in again or the old one had ended. */
  readonly onAddress?: ((address: string) => void) | undefined;
  /** The terminal ended by itself, and another one will be made; or that failed, and the next plug tries again. */
  readonly onError?: ((error: TransportError) => void) | undefined;
}

/**
 * Opens a pseudo-terminal, which a host takes for a serial port. docs/protocol.md, Byte stream. Linux only.
 *
 * An unplug hangs up, a plug makes another one: `address` is then another too. The device cannot see a host close the
 * terminal, so a session stays until the next HELLO. A host that sends much and reads nothing is hung up on. Nothing
 * outlives the emulator, nor this process if it is killed.
 * @throws TransportError `missing-library` without the program `script` (Debian: the package bsdutils), `timeout` when
 * it does not answer, `not-found` while the device is unplugged, or `io`; TypeError for an argument of another kind.
 */
export async function openPty(emulator: EmulatedDevice, options: PtyOptions = {}): Promise<Listener> {
  checkEmulator('openPty()', emulator);
  checkOptions('openPty()', options, { onAddress: aFunction, onError: aFunction });
  const { onAddress, onError } = options;
  const tell = (name: string, call: () => unknown) => callBack(call, (error) => emulator.report(error, name));
  const tellError = (error: TransportError) => tell('onError of openPty()', () => onError?.(error));
  if (!emulator.plugged) throw new TransportError('not-found', `${emulator} is unplugged: call plug() first`);
  const terminals = new Set<Terminal>();
  let address = '';
  /** The plugging-in that the latest terminal is for. */
  let attachment = 0;
  let closed = false;
  let closing: Promise<void> | undefined;

  const open = async (): Promise<void> => {
    const terminal = await startTerminal();
    const { path, input, output, gone, hangUp } = terminal;
    terminals.add(terminal);
    void gone.then((asked) => {
      terminals.delete(terminal);
      if (!asked) replace(path);
    });
    attachment = emulator.attachment;
    try {
      const connection = serve(emulator, { name: `pty ${path}`, input, output, close: hangUp });
      void gone.then(() => connection.end());
    } catch (error) {
      // Unplugged while the terminal was being made.
      hangUp();
      throw error;
    }
    address = path;
  };
  const reopen = async (): Promise<void> => {
    if (closed || !emulator.plugged || emulator.attachment === attachment) return;
    try {
      await open();
      tell('onAddress of openPty()', () => onAddress?.(address));
    } catch (error) {
      // Unplugged again: nothing to report, and the next plug tries again.
      if ((error as TransportError).code !== 'not-found') tellError(error as TransportError);
    }
  };

  const replace = (path: string): void => {
    tellError(
      new TransportError(
        'disconnected',
        `the terminal ${path} has ended: killed, or its host did not read. Open the next one, which onAddress tells`,
      ),
    );
    attachment = 0;
    opened = opened.then(reopen, reopen);
  };

  let opened = open();
  const unfollow = emulator.follow({
    onPlug: () => {
      opened = opened.then(reopen, reopen);
    },
    close: () => close(),
  });
  const close = (): Promise<void> => {
    closed = true;
    unfollow();
    closing ??= opened
      .catch(() => {})
      .then(async () => {
        for (const terminal of terminals) terminal.hangUp();
        await Promise.all([...terminals].map((terminal) => terminal.gone));
      });
    return closing;
  };

  try {
    await opened;
  } catch (error) {
    await close();
    throw error;
  }
  return {
    get address() {
      return address;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
