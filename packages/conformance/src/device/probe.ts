import { type HelloAccepted, MessageType } from '@bluetap/protocol';
import { AnswerTimeLog } from './answer-times.js';
import { writtenDefaults } from './describe.js';
import { noncePayload, request, type Sent } from './frames.js';
import type { HookAction, HookResult } from './hook.js';
import { HookCaller } from './hook-caller.js';
import { openLine } from './open-line.js';
import { DeviceGone, Mismatch, NotShown, RunEnded } from './outcomes.js';
import type { LineParts, RawLine } from './raw-line.js';
import { checkAccepted, exchangeOn, RawSession, type RawSessionParts } from './raw-session.js';
import type { Received } from './reply-splitter.js';
import type { RunClock } from './run-clock.js';
import { SessionCount } from './session-count.js';
import type { Setting } from './setting.js';
import { Transcript } from './transcript.js';

/** The bits of a type beside those of a reply and an event. */
const LOW_BITS = 0x3f;
/** How long a device may take to come back after its connection ended without a power cycle. */
const RETURN_MS = 5000;
/** The same at the end of a run. */
const LAST_RETURN_MS = 1000;
/** The time between the end of a connection and the next one. */
const REOPEN_MS = 50;
/** The time between two tries to open a device that is not there. */
const RETRY_MS = 250;
/** The time of a power cycle, if the declaration has none. */
const RESET_MS = 10_000;

/** What cases use: connections, sessions and the hook. It lives as long as the run. */
export class Probe {
  readonly setting: Setting;
  readonly clock: RunClock;
  readonly times = new AnswerTimeLog();
  readonly count = new SessionCount();
  /** Facts that are no failure, each once. */
  readonly notes = new Set<string>();
  readonly #hook: HookCaller;
  readonly #parts: RawSessionParts;
  readonly #lineParts: LineParts;
  #lines: RawLine[] = [];
  #transcript: Transcript;
  #noticesClosing: boolean | undefined;

  constructor(setting: Setting, clock: RunClock) {
    this.setting = setting;
    this.clock = clock;
    this.#hook = new HookCaller(setting.hook, clock);
    this.#transcript = new Transcript(clock.now());
    this.#noticesClosing = setting.declaration.noticesClosing;
    this.#parts = {
      // A device that does not look at the highest bits takes a reply or an event of this type for a HELLO.
      onRequest: (type) => (type & LOW_BITS) === MessageType.HELLO && this.count.countHello(),
      onReply: (received) => {
        for (const sentence of writtenDefaults(received)) this.notes.add(sentence);
      },
    };
    this.#lineParts = { clock, times: this.times, transcript: () => this.#transcript };
  }

  /** The bytes of the running case. */
  get transcript(): Transcript {
    return this.#transcript;
  }

  /** Starts another case: its bytes, and nothing that is left of the case before. */
  beginCase(): void {
    this.#transcript = new Transcript(this.clock.now());
    for (const line of this.#lines) {
      line.beginCase();
      line.takeReplies();
      line.takeLinks();
    }
  }

  /** The first connection. It is opened if it is not open. @throws DeviceGone */
  async line(): Promise<RawLine> {
    return this.#lines.find(({ number, isOpen }) => number === 1 && isOpen) ?? (await this.#open(1));
  }

  /** Another connection, through the second transport. @throws DeviceGone */
  async second(): Promise<RawLine> {
    return this.#lines.find(({ number, isOpen }) => number === 2 && isOpen) ?? (await this.#open(2));
  }

  /** One more connection through the second transport, beside the others. @throws DeviceGone */
  another(): Promise<RawLine> {
    return this.#open(2);
  }

  /** Closes the first connection and opens it again. @throws DeviceGone */
  async reopen(): Promise<RawLine> {
    await (await this.line()).close();
    // The device sees the end of one connection before the begin of another.
    await this.wait(REOPEN_MS);
    return this.line();
  }

  /** Closes every connection but the first. */
  async closeOthers(): Promise<void> {
    for (const line of this.#lines.filter(({ number }) => number > 1)) await line.close();
    this.#lines = this.#lines.filter(({ isOpen }) => isOpen);
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    for (const line of this.#lines) await line.close();
    this.#lines = [];
  }

  /** A random nonce. */
  nonce(): number {
    return this.setting.random() >>> 0;
  }

  /** Makes a HELLO, and counts it. */
  helloRequest(nonce = this.nonce()): Sent {
    this.count.countHello();
    return request({ type: MessageType.HELLO, session: 0, sequence: 0, payload: noncePayload(nonce) });
  }

  /** Opens a session with a HELLO. @throws Mismatch if the reply is wrong. DeviceGone, RunEnded */
  async open(on?: RawLine): Promise<RawSession> {
    const line = on ?? (await this.line());
    const nonce = this.nonce();
    const hello = this.helloRequest(nonce);
    return this.opened(line, hello, await exchangeOn(line, hello, this.#parts), nonce);
  }

  /** The session that a reply to a HELLO opened. @throws Mismatch if the reply is wrong. RunEnded */
  opened(line: RawLine, hello: Sent, received: Received, nonce: number): RawSession {
    const reply = checkAccepted(hello, received, { nonce }) as HelloAccepted;
    const { serialNumber, model, firmware, bootId, simulated } = reply;
    const known = this.count.identity?.serialNumber;
    if (line.number > 1 && known !== undefined && known !== serialNumber) {
      throw new NotShown(`the second transport reaches another device: serial number ${serialNumber}, not ${known}`);
    }
    this.count.accept({ serialNumber, model, firmware, bootId, simulated }, reply.session);
    return new RawSession(line, reply, received.frame, this.#parts);
  }

  /** Sends any request on a connection, and returns the next frame that is no LINK. @throws Mismatch, DeviceGone */
  exchange(line: RawLine, sent: Sent): Promise<Received> {
    return exchangeOn(line, sent, this.#parts);
  }

  /** Waits. @throws RunEnded */
  wait(ms: number): Promise<void> {
    return this.clock.wait(ms);
  }

  /** Lets the hook do something. @throws NotShown if it cannot. */
  act(action: Exclude<HookAction, 'power-cycle'>): Promise<HookResult> {
    return this.#hook.call(action);
  }

  /** Why the hook cannot do something; undefined if it can. */
  hookProblem(action: HookAction): string | undefined {
    if (action !== 'power-cycle' && action !== 'tap' && this.setting.declaration.nfcFaultSwitch === false) {
      return 'the declaration says that nothing can break the NFC part';
    }
    return this.#hook.problem(action);
  }

  /**
   * Takes the power away and gives it again.
   * @returns The first session after the restart.
   * @throws NotShown if the hook cannot. Mismatch if the device does not answer in time. DeviceGone, RunEnded
   */
  async powerCycle(): Promise<RawSession> {
    this.count.expectRestart();
    await this.#hook.call('power-cycle');
    return this.#afterRestart(this.setting.declaration.resetMs ?? RESET_MS);
  }

  /** A line can stay open over a restart. Then only an answer to a HELLO shows that the device is back. */
  async #afterRestart(ms: number): Promise<RawSession> {
    const due = this.clock.now() + ms;
    await this.close();
    for (;;) {
      await this.#return(ms);
      try {
        return await this.open();
      } catch (error) {
        if (!(error instanceof DeviceGone || error instanceof Mismatch) || this.clock.now() >= due) throw error;
        await this.wait(RETRY_MS);
      }
    }
  }

  /**
   * Says whether the device notices that a connection ends. If the declaration does not say so, it is tried out.
   * @throws NotShown if it does not notice. DeviceGone, Mismatch, RunEnded
   */
  async needsClosing(): Promise<void> {
    if (this.#noticesClosing === undefined) {
      const session = await this.open();
      const line = await this.reopen();
      const reply = await this.exchange(line, session.status());
      const { decoded } = reply;
      const isAccepted = decoded.ok && 'result' in decoded.message && decoded.message.result === 'SUCCESS';
      this.#noticesClosing = line.endIsSeen || !isAccepted;
    }
    if (this.#noticesClosing) return;
    throw new NotShown('the device does not notice that a connection is closed; declare noticesClosing if it must');
  }

  /**
   * Brings the device to rest after a case: nothing unread, no session of a second connection, no payment link.
   * @throws Mismatch if something came that nothing asked for, or the device restarted. RunEnded
   */
  async rest(always = false): Promise<void> {
    const strays = this.#lines.flatMap((line) => line.takeReplies());
    await this.closeOthers();
    await this.#return(always ? LAST_RETURN_MS : RETURN_MS);
    const { session, wrong } = await this.#restingSession();
    if (always || wrong || session.hello.state === 'ready') await session.accepted(session.cancel());
    if (wrong) throw wrong;
    if (strays.length > 0) {
      throw new Mismatch(`${strays.length} answers came that nothing asked for`, 'one answer for each request');
    }
  }

  /** A session to cancel in, also if the reply to its HELLO was wrong. @throws RunEnded if no answer comes. */
  async #restingSession(): Promise<{ session: RawSession; wrong?: Mismatch }> {
    for (let left = 1; ; left--) {
      try {
        const line = await this.line();
        line.takeReplies();
        // Ends what a case has left half sent.
        await line.send(Uint8Array.of(0, 0));
        const nonce = this.nonce();
        const hello = this.helloRequest(nonce);
        const received = await this.exchange(line, hello);
        try {
          return { session: this.opened(line, hello, received, nonce) };
        } catch (wrong) {
          if (!(wrong instanceof Mismatch)) throw wrong;
          const { session } = received.frame;
          const reply = { session, state: 'ready' } as HelloAccepted;
          return { session: new RawSession(line, reply, received.frame, this.#parts), wrong };
        }
      } catch (error) {
        if (error instanceof RunEnded) throw error;
        if (!(error instanceof DeviceGone || error instanceof Mismatch)) throw error;
        if (left === 0) throw new RunEnded('no-device', `the device does not answer any more: ${error.message}`);
      }
    }
  }

  async #open(number: number): Promise<RawLine> {
    const transport = number === 1 ? this.setting.transport : this.setting.second!;
    const line = await openLine(number, transport, this.setting.device, this.#lineParts);
    this.#lines = [...this.#lines.filter(({ isOpen }) => isOpen), line];
    return line;
  }

  /** Opens the first connection as soon as the device is there. @throws RunEnded if it does not come back. */
  async #return(ms: number): Promise<void> {
    const due = this.clock.now() + ms;
    for (;;) {
      try {
        await this.line();
        return;
      } catch (error) {
        if (!(error instanceof DeviceGone)) throw error;
        if (this.clock.now() >= due) {
          throw new RunEnded('no-device', `the device went away and did not come back in ${ms} ms: ${error.message}`);
        }
        await this.wait(RETRY_MS);
      }
    }
  }
}
