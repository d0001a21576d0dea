import type { ChannelHandlers } from '../transport.js';
import { TransportError } from '../transport-error.js';
import { callBack } from './call-back.js';
import { messageOf } from './system-error.js';

/**
 * Calls `onData` with bytes. If `onData` throws or rejects, bytes are lost, so `onFailure` gets the error that ends the
 * channel. Without this, the error would reach the library: it would look like a fault of the device, or would end the
 * process.
 * @param name Names the device in the message.
 */
export function handData(
  handlers: ChannelHandlers,
  bytes: Uint8Array,
  name: string,
  onFailure: (error: TransportError) => void,
): void {
  callBack(
    () => handlers.onData(bytes),
    (cause) => {
      const text = `${name}: this program's onData failed (${messageOf(cause)}), so the channel was ended: repair onData`;
      onFailure(new TransportError('io', text, { cause }));
    },
  );
}

/** Calls `onClose`. An error of `onClose` is ignored, because no handler is left that could get it. */
export function tellClose(handlers: ChannelHandlers, error?: TransportError): void {
  callBack(
    () => (error ? handlers.onClose(error) : handlers.onClose()),
    () => {},
  );
}
