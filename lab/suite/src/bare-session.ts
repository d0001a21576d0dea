// Pays without an SDK: bytes that are ready are written, and what comes is read until a reply is whole. No timeout, no
// check, no queue. As in the transports, a read is under way before the write.
import { decodeMessage, encodeMessage, FrameDecoder, type Message, type PayCommand } from '@bluetap/protocol';
import type { Nodes } from './kernel-devices.js';
import { openHandle } from './library-handles.js';
import type { TransportUnderTest } from './transports.js';

/** A session on an open device. */
export interface BareSession {
  /** The frames of these commands. */
  framesOf(commands: readonly PayCommand[]): Uint8Array[];
  /** Writes a frame and reads until there is a reply, which is not looked at. */
  exchange(bytes: Uint8Array): Promise<void>;
  /** The same with the frame made and its reply read. */
  pay(command: PayCommand, at: number): Promise<void>;
  close(): Promise<unknown>;
}

/** Opens a device with its library alone, and a session on it. */
export async function openBare(name: TransportUnderTest['name'], nodes: Nodes): Promise<BareSession> {
  const handle = await openHandle[name](nodes);
  async function exchange(bytes: Uint8Array): Promise<Uint8Array[]> {
    const chunks: Uint8Array[] = [];
    let reading = handle.read();
    await handle.write(bytes);
    for (;;) {
      const chunk = await reading;
      chunks.push(chunk);
      // The second delimiter, wherever the first one was; behind it there is padding at most.
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
  // HELLO's reply is longer than a report.
  while (!heard) decoder.push(await handle.read());
  const { session } = heard;
  const frameOf = (command: PayCommand, at: number) =>
    encodeMessage({ type: 'PAY', session, sequence: at + 1, ...command });
  return {
    framesOf: (commands) => commands.map(frameOf),
    exchange: async (bytes) => void (await exchange(bytes)),
    pay: async (command, at) => {
      for (const chunk of await exchange(frameOf(command, at))) decoder.push(chunk);
      if (heard?.type !== 'PAY_REPLY' || heard.sequence !== at + 1) throw new Error('no reply');
    },
    close: () => handle.close(),
  };
}
