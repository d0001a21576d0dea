import { connect, type Socket } from 'node:net';
import { decodeMessage, encodeMessage, FrameDecoder, type Message, type Request } from '@bluetap/protocol';

/** A host with a raw socket. */
export class SocketHost {
  readonly socket: Socket;
  readonly messages: Message[] = [];
  readonly closed: Promise<void>;
  received = 0;
  #wake = () => {};

  constructor(address: string) {
    const tcp = /^tcp:\/\/(.*):(\d+)$/.exec(address);
    this.socket = tcp ? connect(Number(tcp[2]), tcp[1]!.replace(/[[\]]/g, '')) : connect(address.replace(/^unix:/, ''));
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
    const decoder = new FrameDecoder({
      onFrame: (frame) => {
        this.received++;
        const decoded = decodeMessage(frame);
        if (decoded.ok) this.messages.push(decoded.message);
        this.#wake();
      },
    });
    this.socket.on('data', (bytes) => decoder.push(bytes));
  }

  /** Returns the next message, in order. */
  async next(): Promise<Message> {
    while (this.messages.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.messages.shift()!;
  }

  async say(message: Request): Promise<Message> {
    this.socket.write(encodeMessage(message));
    return this.next();
  }

  async hello(): Promise<number> {
    const reply = await this.say({ type: 'HELLO', session: 0, sequence: 0, nonce: 7 });
    return reply.session;
  }
}
