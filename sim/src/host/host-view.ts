import type { Client } from '@bluetap/sdk';
import { FrameReader } from '../wire/frame-reader.js';
import { type Id, messageOf, type WireMessage } from '../wire/wire-message.js';
import { cannotBeTrue } from './contradictions.js';
import { SentRules } from './sent-rules.js';
import type { Believed, HostViewHandlers, ViewedChannel, ViewedSession } from './viewed.js';

/** How long the place of a device that is not wanted is left alone. Each HELLO ends the session of its own host. */
const NOT_WANTED_MS = 30_000;

/**
 * What one client sent and received, and what it may believe of it: the host's rules of docs/protocol.md section 4,
 * written from that page alone.
 */
export class HostView {
  readonly believed: Believed[] = [];
  /** The LINK messages that the program was not told yet. */
  readonly untold: Believed[] = [];
  readonly rules: SentRules;
  readonly showsContradictions: boolean;
  session: ViewedSession | undefined;
  /** Frames that no receiver can read, and messages that answer nothing. */
  unreadable = 0;
  strays = 0;
  /** Messages that may answer nothing. */
  unsure = 0;
  contradictions = 0;
  /** Those of them that may answer nothing. */
  unsureContradictions = 0;
  /** True if something has happened since the latest check. */
  touched = true;
  sessions = 0;
  /** The channel on which the client has written last. */
  channel: ViewedChannel | undefined;
  readonly #handlers: HostViewHandlers;
  readonly #earlier: ViewedSession[] = [];
  readonly #channels: ViewedChannel[] = [];
  #client: Client | undefined;
  /** The place where a device answered that the program does not want, and until when it is left alone. */
  #notWanted: { readonly id: string; readonly until: number } | undefined;
  /** The message that opened a session in the chunk that is read now. */
  #openedNow: Believed | undefined;
  #received = 0;

  constructor(handlers: HostViewHandlers) {
    this.#handlers = handlers;
    this.showsContradictions = handlers.showsContradictions;
    this.rules = new SentRules(handlers, () => this.session);
  }

  watch(client: Client): void {
    this.#client = client;
  }

  /** The damaged frames of all channels, and the frames that are no message of this version. */
  get dropped(): number {
    return this.unreadable + this.#channels.reduce((sum, { reader }) => sum + reader.damaged, 0);
  }

  /** The client gets a channel. It may come too late to be used. */
  opened(id: string): ViewedChannel {
    const channel = { id, reader: new FrameReader(), writes: 0, open: true };
    this.#channels.push(channel);
    return channel;
  }

  /** The client closes a channel. */
  closes(channel: ViewedChannel): void {
    if (
      channel === this.channel &&
      channel.open &&
      channel.writes === 0 &&
      this.rules.mustRepeat &&
      !this.#handlers.over()
    )
      this.#handlers.violation('a channel is given up while the reply to a command can come');
    this.ended(channel);
  }

  ended(channel: ViewedChannel): void {
    if (!channel.open) return;
    this.touched = true;
    channel.open = false;
    channel.reader.end();
    if (channel !== this.channel) return;
    this.session = undefined;
    this.rules.forget();
  }

  wrote(channel: ViewedChannel, bytes: Uint8Array, moreWaits: boolean): void {
    this.touched = true;
    if (channel !== this.channel) {
      this.channel = channel;
      this.session = undefined;
      this.rules.forget();
      if (channel.id === this.#notWanted?.id && this.#handlers.now() < this.#notWanted.until)
        this.#handlers.violation('the place of a device that is not wanted is asked again too soon');
    }
    this.rules.wrote(bytes, moreWaits);
  }

  /** Bytes reach the program. */
  receives(channel: ViewedChannel, bytes: Uint8Array): void {
    this.touched = true;
    const open = this.#client?.device !== undefined;
    this.#openedNow = undefined;
    for (const frame of channel.reader.push(bytes, this.#handlers.now())) {
      const message = messageOf(frame);
      if (!message) {
        this.unreadable++;
        continue;
      }
      const at = this.#handlers.now();
      const sent = this.#handlers.sentAs(frame.crc);
      const each = { index: this.#received++, at, message, sent, sure: true };
      if (channel !== this.channel) this.strays++;
      else if (message.type === 'LINK') this.#linkMessage(each, open);
      else if (message.type === 'HELLO_REPLY') this.#helloReply(each);
      else this.#reply(each);
    }
  }

  /**
   * True if a LINK may be told later: it came behind the refusal of a copy, and the call of that copy goes on. A program
   * hears it after the result of the message before it.
   */
  mayWait({ index }: Believed): boolean {
    const before = this.believed.findLast((each) => each.index < index && each.message.type !== 'LINK')?.message;
    return !this.#handlers.idle() && (before?.reason === 4 || before?.reason === 10);
  }

  /** The latest messages of the current session: the last sure one, and those after it that may not be believed. */
  latest(from = 0): Believed[] {
    const found: Believed[] = [];
    for (let at = this.believed.length - 1; at >= 0; at--) {
      const each = this.believed[at]!;
      if (each.index < from) break;
      found.push(each);
      if (each.sure) break;
    }
    return found;
  }

  /** The reply to this command that the client may believe. Another start can have had the same numbers. */
  replyTo({ session, sequence, bootId }: Id & { readonly bootId: number }): Believed | undefined {
    const opened = this.#earlier.findLast((each) => each.session === session && each.bootId === bootId);
    return this.believed.findLast(
      ({ message, index }) =>
        index > (opened?.opening.index ?? 0) &&
        message.session === session &&
        message.sequence === sequence &&
        (message.type === 'PAY_REPLY' || message.type === 'CANCEL_REPLY'),
    );
  }

  /** The latest reply to HELLO that opened a session. */
  get opening(): Believed | undefined {
    return this.believed.findLast(({ message }) => message.type === 'HELLO_REPLY' && message.result === 'SUCCESS');
  }

  /** A call ended without an answer, so the client may not wait for it any more. @param id The command of the call. */
  gaveUp(id?: Id & { readonly bootId: number }): void {
    this.touched = true;
    this.rules.gaveUp(id);
  }

  #linkMessage(each: Believed, open: boolean): void {
    const { session } = this;
    const { session: number, sequence, state, taps } = each.message;
    if (session?.session !== number) {
      this.strays++;
      return;
    }
    if (sequence === session.linkSequence) {
      if (!open) this.unsure++;
      return;
    }
    const next = (session.linkSequence % 255) + 1;
    session.linkSequence = sequence;
    if (sequence === 255) this.#handlers.hit('LINK 255');
    if (sequence !== next) {
      // The answer to a STATUS that is already on its way comes after this message.
      session.gap = !this.rules.asks('STATUS');
      this.#handlers.hit('gap of LINK');
    }
    if (session.over && state === 'ready') {
      if (each.sent && open) this.#handlers.violation('a LINK makes a payment link live again');
      session.gap = !this.rules.asks('STATUS');
      this.#contradicts('LINK that cannot be true', open);
      return;
    }
    // It can be about the payment link before a PAY that is not answered yet.
    session.over = state !== 'ready' && !this.rules.asks('PAY');
    // In the chunk of the reply to HELLO, the client has the session before it can show it. It has none of a device
    // that is not wanted.
    const { wanted = session.serialNumber } = this.#handlers;
    each.sure =
      open || (session.opening === this.#openedNow && session.opening.sure && session.serialNumber === wanted);
    if (!each.sure) this.unsure++;
    this.#taps(session, taps, each.sure);
    this.believed.push(each);
    this.untold.push(each);
  }

  #helloReply(each: Believed): void {
    const { message } = each;
    const accepted = message.result === 'SUCCESS';
    const answers = accepted
      ? this.rules.answersHello(message.nonce)
      : message.session === 0 && this.rules.asks('HELLO');
    if (!answers || message.sequence !== 0) {
      this.strays++;
      return;
    }
    const { session: number, sequence, serialNumber, bootId, lastCommand } = message as Required<WireMessage>;
    const again = this.#earlier.some((one) => one.session === number && one.bootId === bootId);
    if (accepted && (again || lastCommand?.session === number)) {
      this.#contradicts('session number used before');
      return;
    }
    each.sure = this.rules.answered(message);
    this.believed.push(each);
    if (!each.sure) this.unsure++;
    if (!accepted) return;
    if (number === 0xffff) this.#handlers.hit('session 65535');
    this.#openedNow = each;
    const { wanted = serialNumber } = this.#handlers;
    // The client remembers one such place. If it may not have believed the reply, it is not known which one.
    if (wanted !== serialNumber)
      this.#notWanted = each.sure ? { id: this.channel!.id, until: each.at + NOT_WANTED_MS } : undefined;
    this.sessions++;
    this.session = {
      session: number,
      sequence,
      serialNumber: serialNumber!,
      bootId: bootId!,
      opening: each,
      channel: this.channel!,
      linkSequence: 0,
      over: message.state !== 'ready',
      taps: message.taps,
      tapsPerhaps: message.taps,
      last: lastCommand,
      gap: false,
    };
    this.#earlier.push(this.session);
    if (this.#earlier.length > 16) this.#earlier.shift();
  }

  #taps(session: ViewedSession, taps: number, sure: boolean): void {
    session.tapsPerhaps = Math.max(session.tapsPerhaps, taps);
    if (sure) session.taps = Math.max(session.taps, taps);
  }

  /** The client waits on. If it may have given up, the message may be one that answers nothing. */
  #contradicts(what: string, sure = this.rules.waits): void {
    this.#handlers.hit(what);
    this.contradictions++;
    if (!sure) {
      this.unsure++;
      this.unsureContradictions++;
    }
  }

  #reply(each: Believed): void {
    const { message } = each;
    const { session } = this;
    if (!session || !this.rules.answers(message)) {
      this.strays++;
      return;
    }
    if (cannotBeTrue(message)) {
      this.#contradicts('reply that cannot be true');
      return;
    }
    const executed = message.result === 'SUCCESS';
    const { taps, tapsPerhaps } = session;
    const fewer = executed && message.type === 'CANCEL_REPLY' && message.taps < tapsPerhaps;
    if (fewer) this.#contradicts('CANCEL with fewer taps', this.rules.waits && message.taps < taps);
    each.sure = this.rules.answered(message);
    if (!each.sure) this.unsure++;
    this.believed.push(fewer ? withTaps(each, Math.max(message.taps, taps)) : each);
    if (fewer && tapsPerhaps > taps) this.believed.push({ ...withTaps(each, tapsPerhaps), sure: false });
    session.over = message.state !== 'ready';
    if (!executed) return;
    if (message.type === 'PAY_REPLY') {
      session.taps = 0;
      session.tapsPerhaps = 0;
    } else this.#taps(session, message.taps, each.sure);
    if (message.type === 'PAY_REPLY' || message.type === 'CANCEL_REPLY')
      session.last = { session: message.session, sequence: message.sequence };
    if (message.type === 'STATUS_REPLY') session.gap = false;
  }
}

/** The taps of a payment link do not decrease: the client keeps the number that it was told before. */
function withTaps(each: Believed, taps: number): Believed {
  return { ...each, message: { ...each.message, taps } };
}
