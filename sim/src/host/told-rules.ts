import type {
  Attempt,
  CommandResult,
  DeviceIdentity,
  PaymentLinkEvent,
  PaymentLinkStatus,
  Resolution,
  Statistics,
} from '@bluetap/sdk';
import type { State, WireMessage } from '../wire/wire-message.js';
import type { Command } from './command.js';
import { isFalseAbout } from './contradictions.js';
import type { HostView } from './host-view.js';
import { linkLiveOf } from './link-live.js';
import type { Believed, ViewedChannel } from './viewed.js';

interface Told {
  readonly state: State;
  /** Undefined if the program was not told it. */
  readonly taps: number | undefined;
}

/** Checks what one client tells its program against the messages that it received, and against the device. */
export class ToldRules {
  readonly #view: HostView;
  readonly #violation: (what: string) => void;
  /** The message on which the latest telling rests. */
  #cursor = -1;
  #last: Told | undefined;
  /** The channel of the latest `connected`, and the device that it told. */
  #connected: { readonly channel: ViewedChannel; readonly device: DeviceIdentity } | undefined;
  #up = false;
  /** The sessions that the client has used. */
  readonly #sessions = new Set<object>();

  constructor(view: HostView, violation: (what: string) => void) {
    this.#view = view;
    this.#violation = violation;
  }

  connected(event: DeviceIdentity & PaymentLinkEvent): void {
    const { session, channel } = this.#view;
    const before = this.#connected;
    if (!session) {
      this.#violation('connected is told without a session');
      return;
    }
    const another = before?.device.serialNumber !== event.serialNumber || before.device.bootId !== event.bootId;
    if (this.#up && before?.channel === channel && !another) this.#violation('connected is told twice');
    this.#isDevice(event);
    this.#rests(session.opening);
    this.#says('connected', event, [session.opening]);
    this.#connected = { channel: session.channel, device: event };
    this.#up = true;
  }

  disconnected(): void {
    if (!this.#up) this.#violation('disconnected is told, but connected was not');
    else if (this.#connected?.channel.open) this.#violation('disconnected is told, but the channel is open');
    this.#up = false;
  }

  linkEvent(event: PaymentLinkEvent): void {
    const { state, taps, orderId } = event;
    if (!this.#up) this.#violation('a link event comes before connected');
    // The client may not believe a message that is not sure.
    const at = this.#view.untold.findIndex((each) => isSame(each, event));
    if (at >= 0 && !this.#view.untold.slice(0, at).some(({ sure }) => sure)) {
      const due = this.#view.untold[at]!;
      this.#view.untold.splice(0, at + 1);
      this.#rests(due);
      this.#last = { state, taps };
      return;
    }
    // A change that the client found by asking.
    const found = this.#asked();
    if (!found) {
      this.#violation(`link ${state}, taps ${taps}, order ${orderId} is told, and no message says so`);
      return;
    }
    const twice = this.#last?.state === state && this.#last.taps === taps;
    if (twice) this.#violation(`link ${state}, taps ${taps} is told twice`);
    this.#rests(found);
    this.#says('link', event, [found]);
    if (orderId !== undefined && orderId !== found.message.orderId) this.#violation(`link tells the order ${orderId}`);
  }

  /** The end of a doubt, or a result that rests on the reply to HELLO. */
  resolved(command: Command, facts: Resolution): void {
    const { opening } = this.#view;
    if (!opening) {
      this.#violation('resolved is told without a session');
      return;
    }
    const latest = this.#view.latest(opening.index);
    this.#rests(latest[0]!);
    this.#says('resolved', facts, latest);
    this.#linkMustBe(command, facts);
    this.#live(command, facts.linkLive, latest);
    this.#doubts(facts.attempt, facts);
  }

  settled(command: Command, result: CommandResult): void {
    const { outcome, state, taps, remaining, previous, linkLive, attempt, code, error } = result;
    if ((code === 'SUCCESS') !== (outcome === 'executed')) this.#violation(`${outcome} is told as ${code}`);
    this.#linkMustBe(command, result, error?.reason);
    if (command.attempts.filter((own) => this.#view.rules.left(own)).length > 2)
      this.#violation(`${command.type} was sent in three sessions`);
    if (outcome === 'not-sent') {
      if (linkLive === 'yes') this.#violation('not-sent is told with a live payment link');
      // Each earlier attempt that left was refused, so that it is told as refused.
      if (command.attempts.some((own) => this.#view.rules.left(own)))
        this.#violation('not-sent is told of what has left');
      return;
    }
    const reply = attempt && this.#view.replyTo(attempt);
    const basis = this.#checkReply(result, reply) ?? this.#view.opening;
    if (state === undefined || !basis) return;
    if (!reply && attempt && outcome !== 'refused') this.#doubts(attempt, { outcome, linkLive, state });
    if (!reply && basis.message.serialNumber !== attempt?.serialNumber)
      this.#violation('the state of another device is told');
    const latest = this.#view.latest(basis.index);
    // The messages behind the reply to HELLO are told before what the session settles.
    this.#rests(basis === reply ? basis : latest[0]!);
    this.#says(outcome, { state, taps }, latest);
    this.#live(command, linkLive, latest);
    if (outcome === 'executed' && command.type === 'PAY' && !reply && remaining !== undefined)
      this.#violation('remaining is told without a reply');
    const left = latest.map(({ message }) => (message.state === 'ready' ? reply?.message.remaining : 0));
    if (remaining !== undefined && !left.includes(remaining))
      this.#violation(`remaining ${remaining} is told, and it is ${left[0]}`);
    if (outcome === 'executed' && !isSameLink(previous, reply?.message.previous))
      this.#violation(`previous ${JSON.stringify(previous)} is told`);
    if (outcome === 'refused' && error.reason !== basis.message.reason)
      this.#violation(`reason ${error.reason} is told`);
    if (outcome === 'executed' && command.type === 'PAY') {
      const right = latest.map((each) => (each.message.state === 'ready' ? 'yes' : 'no'));
      if (!right.some((each) => each === linkLive))
        this.#violation(`linkLive ${linkLive} is told, though the device says ${right[0]}`);
    }
  }

  status({ state, taps, remaining, paymentMethod, amount, orderId }: PaymentLinkStatus): void {
    const reply = this.#view.believed.findLast(({ message }) => message.type === 'STATUS_REPLY');
    if (!reply) {
      this.#violation('a status is told without a reply');
      return;
    }
    this.#rests(reply);
    const latest = this.#view.latest(reply.index);
    this.#says('status', { state, taps }, latest);
    if (state !== 'ready') {
      if (remaining !== undefined || orderId !== undefined)
        this.#violation('a status has the order of no payment link');
      return;
    }
    const { message } = reply;
    if (remaining !== message.remaining || paymentMethod !== message.paymentMethod)
      this.#violation(`status tells remaining ${remaining} of ${paymentMethod}`);
    if (amount !== message.amount || orderId !== message.orderId)
      this.#violation(`status tells ${amount} of ${orderId}`);
  }

  /** The attempt of a command, before it leaves. */
  attempt(command: Command, attempt: Attempt): void {
    const { session } = this.#view;
    const { serialNumber, bootId, last, oneOrder } = attempt;
    if (session?.serialNumber !== serialNumber || session.bootId !== bootId || session.session !== attempt.session)
      this.#violation(`an attempt names session ${attempt.session} of ${serialNumber}`);
    if (session?.last?.session !== last?.session || session?.last?.sequence !== last?.sequence)
      this.#violation(`an attempt has ${JSON.stringify(last)} as the last command`);
    if (
      attempt.command !== command.type ||
      (oneOrder ?? false) !== (command.type === 'CANCEL' && command.orderId !== undefined)
    )
      this.#violation(`an attempt of ${command.type} says ${attempt.command}, one order ${oneOrder}`);
  }

  /** The counters of the client at its end. */
  statistics({ sessions, strayMessages, droppedFrames, contradictions }: Statistics): void {
    const { strays, unsure, dropped } = this.#view;
    if (droppedFrames !== dropped)
      this.#violation(`${droppedFrames} dropped frames are counted, and there were ${dropped}`);
    if (strayMessages < strays || strayMessages > strays + unsure)
      this.#violation(
        `${strayMessages} stray messages are counted, and there were ${strays}, with ${unsure} uncertain`,
      );
    const { contradictions: most, unsureContradictions, showsContradictions } = this.#view;
    if (contradictions < most - unsureContradictions || (contradictions > most && showsContradictions))
      this.#violation(
        `${contradictions} contradictions are counted, and there were ${most}, ${unsureContradictions} of them uncertain`,
      );
    if (sessions < this.#sessions.size || sessions > this.#view.sessions)
      this.#violation(`${sessions} sessions are counted, and there were ${this.#view.sessions}`);
  }

  /** The device that the client says it has. */
  device(device: DeviceIdentity): void {
    this.#isDevice(device);
  }

  /** Called after each instant: what had to be told was told. */
  step(device: DeviceIdentity | undefined, idle: boolean): void {
    const view = this.#view;
    if (view.untold.length > 0) this.#waits();
    if (this.#up && !this.#connected?.channel.open) this.#violation('the loss of the channel is not told');
    if (!device) return;
    const { session } = view;
    if (!session) {
      this.#violation('the client has a device without a session');
      return;
    }
    this.#isDevice(device);
    const told = this.#connected;
    if (told?.channel !== session.channel) this.#violation('connected is not told');
    else if (told.device.bootId !== device.bootId || told.device.serialNumber !== device.serialNumber)
      this.#violation('connected is not told for another device or another start');
    this.#sessions.add(session);
    if (!idle) return;
    if (session.gap) this.#violation('a LINK was lost, and the client does not ask with STATUS');
    this.#isUpToDate();
  }

  /** A LINK that was not told by now must have a reason to wait. */
  #waits(): void {
    const view = this.#view;
    const waiting = view.untold.filter((each) => each.sure && view.mayWait(each));
    for (const { message, sure } of view.untold.filter((each) => !waiting.includes(each))) {
      if (sure) this.#violation(`LINK ${message.sequence} (${message.state}, taps ${message.taps}) is not told`);
    }
    view.untold.splice(0, view.untold.length, ...waiting);
  }

  /** The latest reply. Undefined if the program was told a LINK behind it. */
  #asked(): Believed | undefined {
    const { believed, untold } = this.#view;
    const latest = believed.findLast((each) => each.message.type !== 'LINK' || (each.sure && !untold.includes(each)));
    return latest?.message.type === 'LINK' ? undefined : latest;
  }

  #isUpToDate(): void {
    const latest = this.#view.latest();
    const last = this.#last;
    if (!last || latest.length === 0) return;
    if (
      latest.some(
        ({ message }) =>
          message.state === last.state && (tapsOf(message) ?? last.taps ?? 0) === (last.taps ?? tapsOf(message) ?? 0),
      )
    )
      return;
    const { state, taps } = latest.at(-1)!.message;
    this.#violation(`the program knows ${last.state}, taps ${last.taps}, and the device says ${state}, taps ${taps}`);
  }

  #checkReply(result: CommandResult, reply: Believed | undefined): Believed | undefined {
    if (!reply) return undefined;
    const { message, sure } = reply;
    const { outcome } = result;
    if (message.result === 'SUCCESS') {
      if (outcome !== 'executed' && sure) this.#violation(`${outcome} is told, and the device has answered SUCCESS`);
      return outcome === 'executed' ? reply : undefined;
    }
    const ofTheCopy = message.reason === 4 || message.reason === 10;
    if (!ofTheCopy && sure && outcome !== 'refused') this.#violation(`${outcome} is told of what the device refused`);
    if (outcome !== 'refused') return undefined;
    if (result.code !== message.result)
      this.#violation(`${result.code} is told, and the device answered ${message.result}`);
    return reply;
  }

  #linkMustBe(
    command: Command,
    { outcome, linkLive, state }: Pick<CommandResult, 'outcome' | 'linkLive' | 'state'>,
    reason?: number,
  ): void {
    const must = linkLiveOf(command, outcome, state, reason);
    if (must !== undefined && linkLive !== must)
      this.#violation(`linkLive ${linkLive} is told for ${command.type} ${outcome}, and it must be ${must}`);
  }

  /** A reply to HELLO that cannot be true settles nothing. */
  #doubts(attempt: Attempt, { outcome, linkLive, state }: Pick<Resolution, 'outcome' | 'linkLive' | 'state'>): void {
    const { opening } = this.#view;
    if (!opening || !isFalseAbout(attempt, opening.message, state)) return;
    const right = state === 'ready' ? 'unknown' : 'no';
    if (outcome !== 'unknown' || linkLive !== right)
      this.#violation(`${outcome} with linkLive ${linkLive} is told, and the reply to HELLO cannot be true`);
  }

  /** `yes` is right if the payment link was live when the device sent a message that nothing later denies. */
  #live(command: Command, linkLive: string, latest: readonly Believed[]): void {
    if (linkLive !== 'yes') return;
    const right = latest.some(
      ({ message, sent }) =>
        // A fault of the device made a message that was never sent as it is. Its state is that of the device.
        message.state === 'ready' &&
        (!sent || (sent.live && (command.orderId === undefined || sent.liveOrder === command.orderId))),
    );
    if (!right) this.#violation(`the payment link of ${command.type} ${command.orderId} is told to be live`);
  }

  #says(what: string, { state, taps }: { state: State; taps?: number | undefined }, latest: readonly Believed[]): void {
    const right = latest.some(
      ({ message }) => message.state === state && (taps === undefined || (tapsOf(message) ?? taps) === taps),
    );
    if (!right) {
      const says = latest.map(({ message }) => `${message.type} ${message.state}, taps ${message.taps}`).join(' or ');
      this.#violation(`${what} tells ${state}, taps ${taps}, and the device says ${says}`);
    }
    this.#last = { state, taps };
  }

  #isDevice({ serialNumber, bootId, simulated }: DeviceIdentity): void {
    const { session } = this.#view;
    if (session?.serialNumber !== serialNumber || session.bootId !== bootId || !simulated)
      this.#violation(`${serialNumber} with boot id ${bootId} is told as the device`);
  }

  #rests({ index }: Believed): void {
    if (index < this.#cursor) this.#violation('what is told is not in the order of the wire');
    this.#cursor = index;
  }
}

/** The taps that a message says: a refusal and the reply to PAY say nothing of them. */
function tapsOf({ type, result, taps }: Believed['message']): number | undefined {
  return type === 'PAY_REPLY' || (type !== 'LINK' && result !== 'SUCCESS') ? undefined : taps;
}

/** True if both are the same payment link before this one, or both are missing. */
function isSameLink(one: WireMessage['previous'], other: WireMessage['previous']): boolean {
  return one?.state === other?.state && one?.taps === other?.taps;
}

function isSame({ message }: Believed, { state, taps, orderId }: PaymentLinkEvent): boolean {
  return message.state === state && message.taps === taps && message.orderId === orderId;
}
