// Pays without the SDK. It writes bytes that are ready, and reads bytes until a reply is complete. It has no timeout,
// no check and no queue. As in the transports, it starts a read before the write.
import { decodeMessage, encodeMessage, FrameDecoder, type Message, type PayCommand } from '@bluetap/protocol';
import type { Nodes } from './kernel-devices.js';
import { openHandle } from './library-handles.js';
import type { TransportUnderTest } from './transports.js';

/** A session on an open device. */
export interface BareSession {
  /** Returns the frames of these commands. */
  framesOf(commands: readonly PayCommand[]): Uint8Array[];
  /** Writes a frame and reads bytes until a reply is complete. Does not decode the reply. */
  exchange(bytes: Uint8Array): Promise<void>;
  /** Makes a frame, writes it, and decodes its reply. */
  pay(command: PayCommand, at: number): Promise<void>;
  close(): Promise<unknown>;
}

/** Opens a device with only its library, and opens a session on it. */
export async function openBare(name: TransportUnderTest['name'], nodes: Nodes): Promise<BareSession> {
  const handle = await openHandle[name](nodes);
  async function exchange(bytes: Uint8Array): Promise<Uint8Array[]> {
    const chunks: Uint8Array[] = [];
    let reading = handle.read();
    await handle.write(bytes);
    for (;;) {
      const chunk = await reading;
      chunks.push(chunk);
      // A zero after position 0 is the second delimiter, or padding behind the second delimiter.
      if (chunk.lastIndexOf(0) > 0) return chunks;
      reading = handle.read();
    }
  }
  let heard: Message | undefined;
  const decoder = new FrameDecoder({
    onFrame: (frame) => {
      const decoded = decodeMessage(frame);
      if (decoded.ok) heard = decoded.message;
    },
  });
  const chunks = await exchange(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 7 }));
  for (const chunk of chunks) decoder.push(chunk);
  // The reply of HELLO is longer than a report.
  while (!heard) decoder.push(await handle.read());
  const { session } = heard;
  const frameOf = (command: PayCommand, at: number) =>
    encodeMessage({ type: 'PAY', session, sequence: at + 1, ...command });
  return {
    framesOf: (commands) => commands.map(frameOf),
    exchange: async (bytes) => void (await exchange(bytes)),
    pay: async (command, at) => {
      for (const chunk of await exchange(frameOf(command, at))) decoder.push(chunk);
      if (heard?.type !== 'PAY_REPLY' || heard.sequence !== at + 1)
        throw new Error('the device sent no reply to the PAY');
    },
    close: () => handle.close(),
  };
}
