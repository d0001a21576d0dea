import type { Connection, Emulator, Peer } from '@bluetap/emulator';
import { encodeMessage, type Frame, FrameDecoder, type Message, type Request } from '@bluetap/protocol';
import { type DecodedWire, decodeFrame, encodeFrame, type FrameParts } from '@bluetap/protocol/tools';

/** Omit for each member of a union. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** A host that uses only frames, so that an error of the SDK cannot hide an error of the emulator. */
export class RawHost implements Peer {
  readonly name: string;
  readonly chunks: Uint8Array[] = [];
  readonly frames: Frame[] = [];
  readonly drops: string[] = [];
  congested = false;
  closed = false;
  session = 0;
  sequence = 0;
  readonly connection: Connection;
  readonly #decoder = new FrameDecoder({
    onFrame: (frame) => this.frames.push(frame),
    onDrop: (code) => this.drops.push(code),
  });

  constructor(emulator: Emulator, name = 'test') {
    this.name = name;
    this.connection = emulator.attach(this);
  }

  send(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.#decoder.push(bytes);
  }

  close(): void {
    this.closed = true;
  }

  /** Returns the frames that came since the last call. */
  take(): DecodedWire[] {
    return this.frames.splice(0).map(decodeFrame);
  }

  /** Sends wire bytes. Returns the frames that came back immediately. Frames that came before stay for `take`. */
  exchange(wire: Uint8Array): Frame[] {
    const before = this.frames.length;
    this.connection.receive(wire);
    return this.frames.splice(before);
  }

  /** Sends a frame that a test built. Returns the only answer, as a message. */
  ask(parts: Partial<FrameParts> & { readonly type: number }): Message {
    return only(this.exchange(encodeFrame({ session: this.session, sequence: this.sequence, ...parts })));
  }

  /** Sends a request with the next sequence. Returns the only answer. */
  request(request: Without<Exclude<Request, { type: 'HELLO' }>, 'session' | 'sequence'>): Message {
    this.sequence++;
    return this.say({ ...request, session: this.session, sequence: this.sequence } as Request);
  }

  say(message: Request): Message {
    return only(this.exchange(encodeMessage(message)));
  }

  hello(nonce = 1): Message {
    const reply = this.say({ type: 'HELLO', session: 0, sequence: 0, nonce });
    this.session = reply.session;
    this.sequence = 0;
    return reply;
  }
}

function only(frames: Frame[]): Message {
  if (frames.length !== 1) throw new Error(`expected one frame, but got ${frames.length}`);
  const decoded = decodeFrame(frames[0]!);
  if (!decoded.ok) throw new Error(`the answer is not a message: ${decoded.error.code}`);
  return decoded.message;
}

/** A TLV. */
export function tlv(tag: number, value: string | number[]): number[] {
  const bytes = typeof value === 'string' ? [...value].map((char) => char.charCodeAt(0)) : value;
  return [tag, bytes.length, ...bytes];
}
