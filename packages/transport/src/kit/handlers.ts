import type { ChannelHandlers } from '../transport.js';
import { TransportError } from '../transport-error.js';
import { callBack } from './call-back.js';
import { messageOf } from './system-error.js';

/**
 * Hands bytes to the receiver. What it throws, or rejects with, goes to `onFailure` as the error that ends the channel: bytes are
 * lost then, and in the library that brought them it would be taken for a fault of the device, or end the process.
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

/** Tells the receiver that the channel has ended. What it throws is dropped: nobody is left who could be told. */
export function tellClose(handlers: ChannelHandlers, error?: TransportError): void {
  callBack(
    () => (error ? handlers.onClose(error) : handlers.onClose()),
    () => {},
  );
}
