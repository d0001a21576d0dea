import { type HelloAccepted, type Message, Reason, type Refused, type Reply } from '@bluetap/protocol';
import type { Breach } from '../contract/breach.js';
import type { CallEntry } from '../contract/log.js';
import { answers, type KnownSession } from './answers.js';
import { judgeFrame } from './frame-rules.js';
import type { HostFrame } from './host-frames.js';
import type { DeviceMessage, Item } from './read-log.js';

/** A host waits for 1000 ms. The rest is for the clocks of two processes. */
export const EARLIEST_MS = 970;

/** A host that waits longer than this leaves a caller without its answer. Half of it may be the load of this machine. */
export const LATEST_MS = 1900;

/** A gap below this was surely chosen by the host, and no delay of this machine. */
const SURELY_MS = 500;

/** A repeat that comes so soon after the reply was on its way before. */
const CROSSING_MS = 200;

const COPIES = 3;

/** A request of the host, as long as it is the newest. */
interface Outstanding {
  readonly request: Message;
  readonly encoded: string;
  readonly connection: number;
  copies: number;
  /** When the newest copy came, at the earliest. */
  latestMs: number;
  /** When the newest copy came, at the latest. */
  readMs: number;
  /** When the time of its call is up. The host then waits for no reply any more. */
  readonly givenUpMs: number;
  /** When the device answered. */
  answeredMs: number | undefined;
}

/** What the judge knows about one connection. */
interface Known {
  first: boolean;
  /** The number of the session that the answer to the newest HELLO opened. */
  session: number | undefined;
  sequence: number;
}

/** A command of the host that no reply has settled. */
interface Doubt {
  readonly encoded: string;
  readonly command: string;
}

/**
 * Goes through a conversation in the order of the wire, and finds every rule of docs/protocol.md section 4 that the
 * host did not keep. It judges what left the host, and knows what the host must have believed.
 */
export class WireJudge {
  readonly breaches: Breach[] = [];
  readonly #connections = new Map<number, Known>();
  readonly #nonces = new Set<number>();
  readonly #sessions: KnownSession[] = [];
  #outstanding: Outstanding | undefined;
  #doubt: Doubt | undefined;
  /** The newest copy was the only one, and was refused with reason 4. */
  #refused = false;
  #sessionsAfterRefusal = 0;
  /** When the time of the latest call is up. */
  #givenUpMs = Number.POSITIVE_INFINITY;

  constructor(items: readonly Item[]) {
    for (const item of items) {
      if (item.kind === 'call') this.#call(item);
      else if (item.kind === 'message') this.#hear(item);
      else if (item.kind === 'frame') this.#frame(item);
      else if (item.kind === 'closed') this.#closed(item.connection);
      else this.#connections.set(item.connection, { first: true, session: undefined, sequence: 0 });
    }
  }

  #call({ atMs, timeoutMs }: CallEntry): void {
    this.#refused = false;
    this.#sessionsAfterRefusal = 0;
    this.#givenUpMs = atMs + timeoutMs;
  }

  #find(rule: Breach['rule'], text: string, timing = false): void {
    this.breaches.push({ rule, text, ...(timing && { timing }) });
  }

  #closed(connection: number): void {
    this.#connections.delete(connection);
    // Nobody answers there any more.
    if (this.#outstanding?.connection === connection) this.#outstanding = undefined;
  }

  #frame(sent: HostFrame): void {
    const known = this.#connections.get(sent.connection);
    if (!known) return;
    this.breaches.push(...judgeFrame(sent, known.first));
    const { first } = known;
    known.first = false;
    if (!sent.message || !sent.closed) return;
    if (sent.message.type === 'HELLO') this.#hello(sent, known, sent.message);
    else this.#request(sent, known, sent.message, first);
  }

  #hello(sent: HostFrame, known: Known, hello: Message & { type: 'HELLO' }): void {
    if (hello.session !== 0 || hello.sequence !== 0) {
      this.#find('R-70', `sent HELLO with session ${hello.session} and sequence ${hello.sequence}`);
    }
    if (this.#nonces.has(hello.nonce)) this.#find('R-70', `sent two HELLOs with the nonce ${hello.nonce}`);
    this.#nonces.add(hello.nonce);
    this.#checkOutstanding(sent);
    if (this.#refused && ++this.#sessionsAfterRefusal > 1) {
      this.#find('R-79', 'opened a second session in one call because of reason 4');
    }
    this.#refused = false;
    known.session = undefined;
    known.sequence = 0;
    this.#begin(sent, hello);
  }

  #request(sent: HostFrame, known: Known, request: Message, first: boolean): void {
    const { encoded, connection } = sent;
    const newest = this.#outstanding;
    if (newest?.encoded === encoded && newest.connection === connection) {
      this.#repeat(newest, sent);
      return;
    }
    this.#checkOutstanding(sent);
    this.#checkDoubt(request, encoded);
    if (known.session === undefined) {
      this.#find('R-70', `sent ${request.type} ${first ? 'first on a connection' : 'while no HELLO was answered'}`);
    } else if (known.session !== request.session) {
      const text = `sent ${request.type} in session ${request.session}, but the newest HELLO opened ${known.session}`;
      this.#find('R-70', text);
    } else if (request.sequence === known.sequence && known.sequence > 0) {
      this.#find('R-75', `sent other bytes under sequence ${request.sequence}, which it had used`);
    } else if (request.sequence !== known.sequence + 1) {
      const place = known.sequence === 0 ? 'as the first of a session' : `after sequence ${known.sequence}`;
      this.#find('R-72', `sent sequence ${request.sequence} ${place}`);
    }
    known.sequence = request.sequence;
    this.#begin(sent, request);
    if (request.type === 'PAY' || request.type === 'CANCEL') this.#doubt = { encoded, command: commandOf(request) };
  }

  #repeat(newest: Outstanding, { atMs, earliestMs }: HostFrame): void {
    const gap = atMs - newest.latestMs;
    const leastGap = earliestMs - newest.readMs;
    newest.copies++;
    newest.latestMs = earliestMs;
    newest.readMs = atMs;
    if (newest.answeredMs !== undefined && atMs - newest.answeredMs > CROSSING_MS) {
      this.#find('R-75', `repeated ${newest.request.type} after its reply`);
    }
    if (gap < EARLIEST_MS) {
      this.#find('R-75', `repeated ${newest.request.type} after ${Math.round(gap)} ms`, gap > SURELY_MS);
    }
    if (leastGap > LATEST_MS) {
      this.#find('R-75', `repeated ${newest.request.type} only after ${Math.round(leastGap)} ms`, true);
    }
    if (newest.copies === COPIES + 1) this.#find('R-75', `sent more than ${COPIES} copies of ${newest.request.type}`);
  }

  /** A new request must not leave while an earlier one can still be answered. */
  #checkOutstanding({ atMs, message, connection }: HostFrame): void {
    const newest = this.#outstanding;
    if (!newest || newest.answeredMs !== undefined) return;
    if (message!.type === 'HELLO' && atMs >= newest.givenUpMs) return;
    const gap = atMs - newest.latestMs;
    if (gap >= EARLIEST_MS) return;
    const where = connection === newest.connection ? '' : ' on another connection';
    const text = `sent ${message!.type}${where} ${Math.round(gap)} ms after ${newest.request.type}, which had no answer`;
    this.#find('R-71', text, gap > SURELY_MS);
  }

  #checkDoubt(request: Message, encoded: string): void {
    if (!this.#doubt || this.#doubt.encoded === encoded) return;
    if (this.#doubt.command === commandOf(request)) {
      this.#find('R-76', `sent the same ${request.type} again under another number while the first was in doubt`);
    } else this.#find('R-80', `sent ${request.type} while a command was in doubt`);
  }

  #begin({ encoded, connection, atMs, earliestMs }: HostFrame, request: Message): void {
    this.#outstanding = {
      request,
      encoded,
      connection,
      copies: 1,
      latestMs: earliestMs,
      readMs: atMs,
      givenUpMs: this.#givenUpMs,
      answeredMs: undefined,
    };
  }

  #hear({ message, connection, atMs }: DeviceMessage): void {
    const newest = this.#outstanding;
    if (!newest || newest.connection !== connection || newest.answeredMs !== undefined) return;
    if (!answers(newest.request, message, this.#sessions)) return;
    newest.answeredMs = atMs;
    const reply = message as Reply;
    if (reply.type === 'HELLO_REPLY') this.#greeted(reply, connection);
    else this.#settle(reply, newest.copies);
  }

  #greeted(reply: Reply, connection: number): void {
    if (reply.result !== 'SUCCESS') return;
    const { session, serialNumber, bootId } = reply as HelloAccepted;
    this.#sessions.push({ session, serialNumber, bootId });
    const known = this.#connections.get(connection);
    if (known) known.session = session;
    this.#doubt = undefined;
  }

  #settle(reply: Reply, copies: number): void {
    const { reason } = reply as Refused;
    const ofTheCopy = reason === Reason.NO_SUCH_SESSION || reason === Reason.SEQUENCE_REUSED;
    if (reply.result !== 'SUCCESS' && ofTheCopy && copies > 1) return;
    this.#doubt = undefined;
    this.#refused = reply.result !== 'SUCCESS' && reason === Reason.NO_SUCH_SESSION;
  }
}

/** What a command asks for, without its session and sequence. */
function commandOf({ session: _, sequence: __, ...command }: Message): string {
  return JSON.stringify(command);
}
