import { EVENT_BIT } from '@bluetap/protocol/tools';
import { type Channel, type DeviceInfo, type Transport, TransportError } from '@bluetap/transport';
import { printable } from '@bluetap/transport/kit';
import type { AnswerTimeLog } from './answer-times.js';
import { DeviceGone, Mismatch } from './outcomes.js';
import { type Received, ReplySplitter } from './reply-splitter.js';
import { LATE, type RunClock } from './run-clock.js';
import type { Transcript } from './transcript.js';

/** The longest wait for a reply. It is longer than R-34 allows, so that a late reply is not called a lost one. */
export const REPLY_MS = 2000;
/** The longest time in which a transport opens, closes or takes bytes. */
const TRANSPORT_MS = 3000;
/** A device that writes more bytes than this, beside what each request may cause, floods the line. */
const FLOOD_BYTES = 65_536;
/** The most that one request may cause: its reply in a report, and some LINKs. */
const BYTES_OF_REQUEST = 1024;

/** The connections whose end a device sees. docs/protocol.md section 4, R-36. */
const SEEN_ENDS: readonly string[] = ['TCP', 'unix socket', 'in-process'];

/** What all lines of a run share. */
export interface LineParts {
  readonly clock: RunClock;
  readonly times: AnswerTimeLog;
  /** Where the bytes of the running case go. */
  transcript(): Transcript;
}

/** One connection to the device: it sends any bytes, and hands over the frames that come. */
export class RawLine {
  /** 1 or 2, as in the report. */
  readonly number: number;
  readonly device: DeviceInfo;
  readonly #parts: LineParts;
  #channel: Channel | undefined;
  #replies: Received[] = [];
  #links: Received[] = [];
  #wake: () => void = () => {};
  #ended: DeviceGone | undefined;
  #bytes = 0;
  #noise = 0;
  /** When the last byte of the latest write was taken, until its answer begins. */
  #askedAt: number | undefined;
  #answerMs = 0;

  private constructor(number: number, device: DeviceInfo, parts: LineParts) {
    this.number = number;
    this.device = device;
    this.#parts = parts;
  }

  /** Opens `device`. @throws DeviceGone */
  static async open(number: number, transport: Transport, device: DeviceInfo, parts: LineParts): Promise<RawLine> {
    const line = new RawLine(number, device, parts);
    const splitter = new ReplySplitter({
      onFrame: (received) => line.#take(received),
      onNoise: () => {
        line.#noise++;
      },
    });
    const aborted = new AbortController();
    const opening = transport.open(
      device,
      {
        onData: (bytes) => line.#read(bytes, splitter),
        onClose: (error) => line.#end(error?.message ?? `the connection to ${device.id} was closed`),
      },
      { signal: aborted.signal },
    );
    try {
      const channel = await parts.clock.within(opening, TRANSPORT_MS);
      if (channel === LATE) throw new DeviceGone(`${transport.name} did not open ${device.id} in ${TRANSPORT_MS} ms`);
      line.#channel = channel;
      return line;
    } catch (error) {
      // A transport that opens the device too late must not keep it.
      aborted.abort();
      opening.then((channel) => void channel.close()).catch(() => {});
      throw error instanceof TransportError ? new DeviceGone(error.message) : error;
    }
  }

  /** True until the connection has ended. */
  get isOpen(): boolean {
    return !this.#ended;
  }

  /** How many pieces came that are no frame. */
  get noise(): number {
    return this.#noise;
  }

  /** How long the latest answer took: from the last byte written to its first byte, in milliseconds. */
  get answerMs(): number {
    return this.#answerMs;
  }

  /** True if the bytes travel in packets: reports of HID, transfers of USB bulk. */
  get hasPackets(): boolean {
    return this.device.interface === 'HID' || this.device.interface === 'vendor bulk';
  }

  /** True if any bytes can be written as they are. HID fills its reports, so a piece of a frame needs 64 bytes there. */
  get takesPieces(): boolean {
    return this.device.interface !== 'HID';
  }

  /** True if the device must notice that the host closes this connection: it is a socket. */
  get endIsSeen(): boolean {
    return SEEN_ENDS.includes(this.device.interface ?? '');
  }

  /** Starts to count the bytes of another case. */
  beginCase(): void {
    this.#bytes = 0;
    this.#noise = 0;
  }

  /** Writes bytes. @throws DeviceGone */
  async send(bytes: Uint8Array): Promise<void> {
    if (this.#ended) throw this.#ended;
    const { clock, transcript } = this.#parts;
    clock.check();
    this.#bytes = Math.max(0, this.#bytes - BYTES_OF_REQUEST);
    transcript().add('sent', this.number, bytes, clock.now());
    this.#askedAt = clock.now();
    try {
      const taken = await clock.within(this.#channel!.write(bytes.slice()), TRANSPORT_MS);
      if (taken === LATE) throw new DeviceGone(`${this.device.id} took no bytes for ${TRANSPORT_MS} ms`);
    } catch (error) {
      throw error instanceof TransportError ? new DeviceGone(error.message) : error;
    }
    // The answer can begin before the transport says that it took the bytes.
    if (this.#askedAt !== undefined) this.#askedAt = clock.now();
  }

  /** The next frame that is no event, or undefined if none came in time. @throws DeviceGone */
  next(ms = REPLY_MS): Promise<Received | undefined> {
    return this.#await(() => this.#replies.shift(), ms);
  }

  /** The next LINK, or undefined if none came in time. @throws DeviceGone */
  nextLink(ms: number): Promise<Received | undefined> {
    return this.#await(() => this.#links.shift(), ms);
  }

  /** Resolves to true when the device ends the connection within `ms` milliseconds. */
  async endsWithin(ms: number): Promise<boolean> {
    const due = this.#parts.clock.now() + ms;
    for (let left = ms; left > 0 && !this.#ended; left = due - this.#parts.clock.now()) await this.#arrival(left);
    return this.#ended !== undefined;
  }

  /** Takes the frames that came and that no case has read. */
  takeReplies(): readonly Received[] {
    return this.#replies.splice(0);
  }

  /** Takes the LINKs that came and that no case has read. */
  takeLinks(): readonly Received[] {
    return this.#links.splice(0);
  }

  /** Closes the connection. Never rejects. */
  async close(): Promise<void> {
    const channel = this.#channel;
    this.#end(`the connection to ${this.device.id} was closed`);
    if (!channel) return;
    this.#channel = undefined;
    // By its contract a channel closes without an error. A run ends also with one that does not.
    await this.#parts.clock.within(channel.close(), TRANSPORT_MS).catch(() => {});
  }

  async #await(take: () => Received | undefined, ms: number): Promise<Received | undefined> {
    const { clock } = this.#parts;
    const due = clock.now() + ms;
    for (let left = ms; ; left = due - clock.now()) {
      const found = take();
      if (found) return found;
      if (this.#bytes > FLOOD_BYTES) throw new Mismatch('the device writes without an end', 'only answers and LINKs');
      if (this.#ended) throw this.#ended;
      if (left <= 0) return undefined;
      await this.#arrival(left);
    }
  }

  async #arrival(ms: number): Promise<void> {
    const arrival = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    await this.#parts.clock.within(arrival, Math.max(1, ms));
  }

  #read(bytes: Uint8Array, splitter: ReplySplitter): void {
    if (this.#ended) return;
    this.#bytes += bytes.length;
    if (this.#bytes > FLOOD_BYTES) {
      this.#wake();
      return;
    }
    const { clock, transcript } = this.#parts;
    const now = clock.now();
    transcript().add('received', this.number, bytes, now);
    splitter.push(bytes, now);
  }

  #take(received: Received): void {
    const isEvent = (received.frame.type & 0xc0) === EVENT_BIT;
    if (!isEvent && this.#askedAt !== undefined) {
      this.#answerMs = Math.max(0, received.firstByteAt - this.#askedAt);
      this.#parts.times.add(this.#answerMs);
      this.#askedAt = undefined;
    }
    (isEvent ? this.#links : this.#replies).push(received);
    this.#wake();
  }

  #end(why: string): void {
    this.#ended ??= new DeviceGone(printable(why));
    this.#wake();
  }
}
