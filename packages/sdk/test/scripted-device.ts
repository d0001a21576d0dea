import { decodeMessage, encodeMessage, FrameDecoder, type HelloAccepted, type Message } from '@bluetap/protocol';
import { type ChannelHandlers, type Transport, TransportError } from '@bluetap/transport';

/** The identity that a correct device sends: session 5, start 1, no command executed. */
export function helloOf(request: Message, more: Partial<HelloAccepted> = {}): HelloAccepted {
  return {
    type: 'HELLO_REPLY',
    session: 5,
    sequence: 0,
    result: 'SUCCESS',
    state: 'idle',
    nonce: (request as { nonce: number }).nonce,
    model: 'M',
    firmware: '1',
    serialNumber: 'BT-1',
    bootId: 1,
    ...more,
  };
}

/**
 * A device that sends exactly what a test wants, right or wrong. It sends everything that answers one request in one
 * chunk.
 * @param answer Returns what the device sends after a request. An empty answer is silence.
 */
export function scriptedDevice(answer: (request: Message) => readonly Message[]) {
  const requests: Message[] = [];
  let handlers: ChannelHandlers | undefined;
  let opened = 0;
  const say = (...messages: Message[]): void => {
    const bytes = messages.flatMap((message) => [...encodeMessage(message)]);
    if (bytes.length > 0) handlers?.onData(Uint8Array.from(bytes));
  };
  const decoder = new FrameDecoder({
    onFrame: (frame) => {
      const decoded = decodeMessage(frame);
      if (!decoded.ok) throw new Error(`reason ${decoded.reason}`);
      requests.push(decoded.message);
      const messages = answer(decoded.message);
      queueMicrotask(() => say(...messages));
    },
  });
  const transport: Transport = {
    name: 'scripted',
    list: async () => [{ id: 'here' }],
    open: async (_device, given) => {
      handlers = given;
      opened++;
      return {
        write: async (bytes) => decoder.push(bytes, 0),
        close: async () => {
          if (handlers !== given) return;
          handlers = undefined;
          queueMicrotask(() => given.onClose());
        },
      };
    },
  };
  return {
    transport,
    requests,
    say,
    /** How often the device was opened. */
    opened: () => opened,
    /** Pulls the cable. */
    unplug(): void {
      const gone = handlers;
      handlers = undefined;
      gone?.onClose(new TransportError('disconnected', 'here was unplugged'));
    },
    types: () => requests.map(({ type }) => type),
  };
}
