import { TransportError } from '@bluetap/transport';
import { aFunction, callBack, checkOptions } from '@bluetap/transport/kit';
import type { EmulatedDevice } from '../contract/emulated-device.js';
import type { Listener } from './listener.js';
import { checkEmulator, serve } from './serve.js';
import { startTerminal, type Terminal } from './terminal.js';

/**
 * Functions that report changes of a pseudo-terminal after it was opened. If one of them throws or rejects, the error
 * goes to the emulator's `onError`.
 */
export interface PtyOptions {
  /**
   * Called if a new terminal replaced the old terminal, because the device was plugged in again or the old terminal
   * closed.
   */
  readonly onAddress?: ((address: string) => void) | undefined;
  /**
   * Called if the terminal closed unexpectedly; then a new terminal is opened. Also called if a new terminal could not
   * be opened; then the next plug tries again.
   */
  readonly onError?: ((error: TransportError) => void) | undefined;
}

/**
 * Opens a pseudo-terminal. A host opens it as a serial port. docs/protocol.md, Byte stream. Linux only.
 *
 * An unplug closes the terminal. A plug opens a new terminal, and `address` changes. The device cannot detect that a
 * host closed the terminal, so a session stays open until the next HELLO. If a host sends much and does not read, the
 * terminal closes. No terminal stays open after the emulator closed, or after this process was killed.
 * @throws TransportError `missing-library` if the program `script` is not installed (Debian: the package bsdutils),
 * `timeout` if `script` does not answer, `not-found` while the device is unplugged, or `io`; TypeError for an argument
 * of a wrong type.
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
  /** The attachment number for which the latest terminal was opened. */
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
      // The device was unplugged while the terminal opened.
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
      // The device was unplugged again. This is not an error: the next plug tries again.
      if ((error as TransportError).code !== 'not-found') tellError(error as TransportError);
    }
  };

  const replace = (path: string): void => {
    tellError(
      new TransportError(
        'disconnected',
        `the terminal ${path} closed: it was killed, or its host did not read. Open the address of the next onAddress call`,
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
