// A device that was written from docs/protocol.md alone, and that makes the one mistake that a test asks for. It shares
// no code with the emulated device, so that both cannot be wrong in the same way.
import type { Clock } from '@bluetap/transport';
import { EVENT, REPLY, TYPE } from './checks.js';
import { Connection, type Line } from './connection.js';
import type { Does, Mistake } from './mistakes/index.js';
import { PaymentLink, STATE, type TapSource } from './payment-link.js';
import { type Freedoms, type Identity, Replies } from './replies.js';
import { Requests } from './requests.js';
import { Sessions } from './sessions.js';
import { type Field, readFields, readFrame, writeFrame } from './wire.js';

const LINK = EVENT | 1;
const MOST_CONNECTIONS = 4;
const TAP_SOURCES = { read: 0, field: 1, none: 2 } as const;

/** The options of a device. */
export interface DeviceOptions extends Freedoms {
  readonly clock: Clock;
  /** What it does wrong. Absent: nothing. */
  readonly mistake?: Mistake | undefined;
  /** Default: WRONG-1. */
  readonly serialNumber?: string | undefined;
  /** The lowest number that the first session after a start can have. Default: 1. */
  readonly lowestSession?: number | undefined;
  /** Gives u32 values for the first session and the boot id. */
  readonly random?: (() => number) | undefined;
  /** What it counts as a tap. Default: read. */
  readonly taps?: TapSource | undefined;
  /** False: the flags do not say that the device is simulated. */
  readonly simulated?: boolean | undefined;
  /** True if it cannot make its tag blank when the NFC part fails, so that it starts again. */
  readonly restartsAtFault?: boolean | undefined;
  /** True if the connections survive a restart, as a UART does. */
  readonly lineStaysOpen?: boolean | undefined;
  /** True if an Android Application Record follows the URI of the tag. */
  readonly android?: boolean | undefined;
  /** How long the answer with this number takes, in milliseconds. Default: 0. */
  readonly answerMs?: ((count: number) => number) | undefined;
}

/** The device. */
export class Device {
  readonly serialNumber: string;
  /** What taps, breaks and restarts the device, as `--hook` does. */
  readonly hook = async (action: 'tap' | 'fault' | 'repair' | 'power-cycle'): Promise<{ ndef?: Uint8Array }> => {
    if (action === 'tap') return { ndef: this.link.tap() ?? new Uint8Array() };
    if (action === 'fault') this.#fault();
    if (action === 'repair') this.link.repair();
    if (action === 'power-cycle') this.restart();
    return {};
  };
  readonly link: PaymentLink;
  readonly #options: DeviceOptions;
  readonly #does: Does;
  readonly #replies: Replies;
  readonly #sessions: Sessions;
  readonly #requests: Requests;
  readonly #random: () => number;
  #connections: Connection[] = [];
  #rest: readonly number[] = [];
  #bootId: number;
  #answers = 0;
  #loseNext = false;

  constructor(options: DeviceOptions) {
    let seed = 20_000;
    this.#random = options.random ?? (() => Math.imul(++seed, 0x9e3779b1) >>> 0);
    this.#options = options;
    this.serialNumber = options.serialNumber ?? 'WRONG-1';
    this.#does = (mistake) => mistake === options.mistake;
    const { clock, taps = 'read', android = false } = options;
    this.link = new PaymentLink({ clock, does: this.#does, taps, android, onChange: () => this.#sendLink() });
    this.#replies = new Replies(this.#does, this.link, options);
    this.#sessions = new Sessions(this.#does, this.#random, options.lowestSession ?? 1);
    this.#requests = new Requests({
      does: this.#does,
      link: this.link,
      sessions: this.#sessions,
      replies: this.#replies,
      identity: () => this.#identity(),
      sendLink: () => this.#sendLink(),
      now: () => clock.now(),
    });
    this.#bootId = this.#random();
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#connections.length;
  }

  /** Takes a connection. If it is one too many, `line.end` is called, or an older one that never spoke makes room. */
  connect(line: Line): Connection {
    const does = this.#does;
    const before = does('half a frame survives the end of its connection') ? this.#rest : [];
    const connection = new Connection({
      clock: this.#options.clock,
      does,
      line,
      before,
      answer: (encoded, from) => this.#answer(encoded, from),
    });
    const most = does('there is one connection') ? 1 : MOST_CONNECTIONS;
    if (this.#connections.length >= most) {
      const silent = does('silent connections keep their place')
        ? undefined
        : this.#connections.find((one) => !one.spoke);
      const leaves = silent ?? (does('a connection that spoke makes room') ? this.#connections[0] : undefined);
      if (leaves) this.disconnect(leaves, true);
      else connection.close(!does('a connection too many stays open and silent'));
    }
    if (connection.open) this.#connections.push(connection);
    if (does('a new connection ends the session')) this.#sessions.end();
    const { current } = this.#sessions;
    if (current && !current.connection.open) current.connection = connection;
    return connection;
  }

  /** A connection ended. */
  disconnect(connection: Connection, byDevice = false): void {
    const does = this.#does;
    if (!connection.open) return;
    connection.close(byDevice);
    this.#rest = connection.rest;
    this.#connections = this.#connections.filter((one) => one !== connection);
    const survives =
      does('a session survives the end of its connection') ||
      does('LINK is sent without a session') ||
      (byDevice && does('the session survives a restart'));
    if (!survives) this.#sessions.end(connection);
    if (does('the end of another connection ends the session')) this.#sessions.end();
    if (this.link.live && does('the end of a connection ends the payment link')) this.link.end(STATE.cancelled);
  }

  /** Power goes, and comes. */
  restart(): void {
    const does = this.#does;
    if (!this.#options.lineStaysOpen)
      for (const connection of [...this.#connections]) this.disconnect(connection, true);
    if (!does('the session survives a restart')) this.#sessions.restart();
    this.link.restart();
    if (!does('the boot id is the same after a restart')) this.#bootId = this.#random();
    if (!does('the last command survives a restart')) this.#requests.lastCommand = undefined;
  }

  /** Ends every connection and every timer. */
  dispose(): void {
    for (const connection of [...this.#connections]) this.disconnect(connection, true);
    this.link.dispose();
  }

  #fault(): void {
    if (this.link.live && this.#options.restartsAtFault) this.restart();
    this.link.fault();
  }

  #answer(encoded: Uint8Array, connection: Connection): { reply: Uint8Array; ms: number } | undefined {
    const does = this.#does;
    const frame = readFrame(encoded, does);
    if (!frame) {
      this.#loseNext = does('after a damaged frame the next one is lost');
      const answered =
        does('a damaged frame is answered') || (encoded.length === 0 && does('long padding is answered'));
      return answered ? this.#timed(0, this.#write(REPLY, 0, 0, this.#replies.refusal(0, 3))) : undefined;
    }
    if (this.#loseNext) {
      this.#loseNext = false;
      return undefined;
    }
    connection.spoke = true;
    const { fields, rest } = readFields(frame.payload);
    const reply = this.#requests.handle({ frame, connection, fields, rest });
    return reply && this.#timed(frame.type, reply);
  }

  #timed(type: number, reply: Uint8Array): { reply: Uint8Array; ms: number } {
    const does = this.#does;
    this.#answers += 1;
    const slow =
      does('an answer takes 700 ms') ||
      (type === TYPE.cancel && does('an answer to CANCEL takes 700 ms')) ||
      (type === TYPE.hello && does('an answer to HELLO takes 700 ms')) ||
      (type === TYPE.status && does('an answer to STATUS takes 700 ms'));
    return { reply, ms: slow ? 700 : (this.#options.answerMs?.(this.#answers) ?? 0) };
  }

  #identity(): Omit<Identity, 'lastCommand'> {
    const does = this.#does;
    if (does('each HELLO has another boot id')) this.#bootId = this.#random();
    const other = does('the serial number is not the one that the system lists');
    const { taps = 'read', simulated = true } = this.#options;
    const named = TAP_SOURCES[does('the tap source is another one') ? 'none' : taps];
    return {
      serialNumber: other ? 'WRONG-2' : this.serialNumber,
      bootId: this.#bootId,
      flags: Number(simulated),
      tapSource: does('the tap source is 3') ? 3 : named,
    };
  }

  #sendLink(): void {
    const does = this.#does;
    const { current } = this.#sessions;
    if (!current) return;
    const first = does('LINK 0 follows 255') ? 0 : 1;
    current.link = does('every LINK has the number 1') ? 1 : current.link < 255 ? current.link + 1 : first;
    const session = does('LINK has session 0') ? 0 : current.number;
    const frame = this.#write(LINK, session, current.link, this.#replies.link());
    if (does('LINK goes to every connection')) for (const one of this.#connections) one.sendLink(frame);
    else if (does('LINK goes to the connection of the PAY')) this.#requests.payer?.sendLink(frame);
    else current.connection.sendLink(frame);
  }

  #write(type: number, session: number, sequence: number, fields: readonly Field[], version = 1): Uint8Array {
    return writeFrame({ version, type, session, sequence }, fields, this.#does);
  }
}
