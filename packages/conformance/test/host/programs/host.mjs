// @ts-nocheck: plain JavaScript, as a host of somebody else, who has no types of this project.
// A host that shares no code with this project: pay, cancel and status as `bluetap` takes them, over TCP. Without
// arguments it takes one call a line from its stdin. With
// mistake=NAME as its first argument it makes that mistake.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { isFalse, isUsed, refusal, settle } from './doubt.mjs';
import { Reader, writeFrame } from './frames.mjs';
import {
  CANCEL,
  commandPayload,
  HELLO,
  LINK,
  PAY,
  REPLY,
  readMessage,
  STATUS,
  uint32,
  wrongField,
} from './messages.mjs';
import { callArguments, makes } from './mistake.mjs';

const REPLY_MS = makes('early-repeat') ? 400 : makes('late-repeat') ? 3800 : 1000;
const COPIES = makes('four-copies') ? 4 : makes('no-repeat') ? 1 : 3;
const RETRY_MS = 200;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const upTo = (deadline, ms) => Math.max(0, Math.min(ms, deadline - performance.now()));

class Host {
  #socket;
  #reader = new Reader();
  #waiting;
  #session;
  #earlier = [];
  #doubt;
  #deadline = 0;
  #asked = Promise.resolve();

  /** Makes one call. Returns the facts. */
  async call(call) {
    const wrong = wrongField(call);
    if (wrong) return { code: 'PARAM_ILLEGAL', outcome: 'not-sent', linkLive: 'no', error: { message: wrong } };
    await this.#asked;
    this.#deadline = performance.now() + call.timeoutMs;
    if (call.do === 'status') return this.#status();
    if (call.do === 'outcome') return this.#doubt ? this.#resolve() : { code: 'PROCESS_FAIL', outcome: 'unknown' };
    return this.#deliver({ ...call, type: call.do === 'pay' ? PAY : CANCEL });
  }

  close() {
    this.#socket?.destroy();
  }

  get #timeIsUp() {
    return performance.now() >= this.#deadline;
  }

  async #deliver(command) {
    const notSent = {
      code: 'DEVICE_DISCONNECTED',
      outcome: 'not-sent',
      linkLive: command.type === PAY ? 'no' : 'unknown',
      pending: false,
    };
    for (let sessions = 1; ; sessions++) {
      if (!(await this.#obtain())) return notSent;
      const { reply, copies, attempt } = await this.#send(command);
      if (reply?.result === 'SUCCESS') return this.#executed(attempt, reply);
      if (reply) {
        const ofTheCopy = reply.reason === 4 || reply.reason === 10;
        if (ofTheCopy) this.#session = undefined;
        const certain = !ofTheCopy || copies === 1 || makes('believes-late-refusals');
        if (certain) {
          this.#doubt = undefined;
          const again =
            (reply.reason === 4 && (sessions === 1 || makes('endless-sessions'))) || makes('sends-refused-again');
          if (again && !this.#timeIsUp && sessions < 5) continue;
          return refusal(attempt, reply);
        }
      }
      if (makes('lost-is-failure')) return { ...notSent, code: 'PROCESS_FAIL', outcome: 'not-executed' };
      return this.#inDoubt(command);
    }
  }

  async #inDoubt(command) {
    if (makes('status-in-doubt') && this.#session) {
      const reply = await this.#exchange(STATUS, []);
      if (reply?.state === 'ready') return { code: 'SUCCESS', outcome: 'executed', linkLive: 'yes', pending: false };
    }
    if (makes('sends-again-after-doubt')) {
      this.#session = undefined;
      this.#doubt = undefined;
      if (await this.#obtain()) await this.#send(command);
      this.#doubt = undefined;
      return { code: 'SUCCESS', outcome: 'executed', linkLive: 'yes', pending: false };
    }
    return this.#resolve();
  }

  /** Asks with HELLO about the command in doubt. */
  async #resolve() {
    const doubt = this.#doubt;
    if (!makes('sends-in-doubt')) this.#session = undefined;
    if (this.#timeIsUp && makes('asks-when-time-is-up')) this.#deadline = performance.now() + 300;
    if (makes('gone-is-not-sent') && this.#socket === undefined) {
      return { code: 'DEVICE_DISCONNECTED', outcome: 'not-sent', linkLive: 'no', pending: false };
    }
    if (!(await this.#obtain())) {
      return { code: 'UNKNOWN_EXCEPTION', outcome: 'unknown', linkLive: 'unknown', pending: true };
    }
    return settle(doubt, this.#session.hello);
  }

  #executed(attempt, { state, remaining, taps = 0 }) {
    const session = this.#session;
    this.#doubt = undefined;
    session.last = { session: attempt.session, sequence: attempt.sequence };
    const facts = { code: 'SUCCESS', outcome: 'executed', pending: false, state };
    if (attempt.type === PAY)
      return { ...facts, linkLive: state === 'ready' || makes('success-is-live') ? 'yes' : 'no', remaining };
    const most = makes('believes-fewer-taps') ? taps : Math.max(taps, session.taps);
    return { ...facts, linkLive: 'no', taps: most };
  }

  async #status() {
    for (let sessions = 0; sessions < 2; sessions++) {
      if (!(await this.#obtain())) break;
      const reply = await this.#exchange(STATUS, []);
      if (reply?.result === 'SUCCESS') {
        const { state, taps = 0, remaining, paymentMethod, amount, orderId } = reply;
        return { code: 'SUCCESS', state, taps, remaining, paymentMethod, amount, orderId };
      }
      this.#session = undefined;
    }
    return { code: 'DEVICE_DISCONNECTED' };
  }

  /** Sends a command, up to three copies of the same bytes. */
  async #send(command) {
    const { session, last, hello } = this.#session;
    const { serialNumber, bootId } = hello;
    const sequence = this.#session.sequence + 1;
    const attempt = { ...command, session, sequence, last, serialNumber, bootId };
    const { type } = command;
    let copies = 0;
    const onCopy = () => {
      copies++;
      this.#doubt = attempt;
    };
    if (type === PAY) this.#session.taps = 0;
    const asking = this.#exchange(type, commandPayload(command), onCopy);
    if (makes('two-requests')) this.#write(writeFrame(STATUS, session, sequence + 1, []));
    const reply = await asking;
    return { reply, copies, attempt };
  }

  /** Sends a request of the session and waits for its reply. */
  async #exchange(type, payload, onCopy = () => {}) {
    const { session } = this.#session;
    let sequence = (this.#session.sequence + 1) & 0xff;
    if (makes('sequence-from-0')) sequence--;
    if (makes('sequence-from-2') && sequence === 1) sequence++;
    this.#session.sequence = makes('sequence-from-0') ? sequence + 1 : sequence;
    const matches = (message) =>
      (message.type === (type | REPLY) || makes('any-type')) &&
      (message.session === session || makes('any-session')) &&
      (message.sequence === sequence || makes('any-sequence')) &&
      !isFalse(message);
    for (let copy = 0; copy < COPIES && !this.#timeIsUp; copy++) {
      if (makes('repeats-with-another-sequence') && copy > 0) this.#session.sequence = ++sequence;
      onCopy();
      const reply = await this.#ask(writeFrame(type, session, sequence, payload), matches);
      if (reply || !this.#socket) return reply;
    }
    return undefined;
  }

  /** Opens a session, if there is none that can be used. Returns false if the time is up. */
  async #obtain() {
    const spent = this.#session?.sequence >= 255 && !makes('wraps-sequence');
    const doubtful = this.#doubt && !makes('sends-in-doubt');
    if (this.#session && !spent && !doubtful && this.#socket) return true;
    while (!this.#timeIsUp) {
      if (!this.#socket && !(await this.#connect())) {
        await pause(upTo(this.#deadline, RETRY_MS));
        continue;
      }
      if (await this.#greet()) return true;
      if (this.#session === null) return false;
    }
    return false;
  }

  async #greet() {
    let nonce = makes('fixed-nonce') ? 7 : Math.floor(Math.random() * 2 ** 32);
    if (makes('no-hello')) {
      this.#session = { session: 1, hello: {}, sequence: 0, taps: 0, links: 0 };
      return true;
    }
    for (let tries = 0; tries < 3 && this.#socket && !this.#timeIsUp; tries++) {
      if (!makes('same-hello')) nonce = makes('fixed-nonce') ? nonce : (nonce + 1) >>> 0;
      const newest = nonce;
      const matches = (message) =>
        message.type === (HELLO | REPLY) &&
        message.sequence === 0 &&
        (message.result === 'SUCCESS' ? message.nonce === newest || makes('any-nonce') : message.session === 0) &&
        !(message.result === 'SUCCESS' && isUsed(message, this.#earlier));
      const hello = await this.#ask(writeFrame(HELLO, 0, 0, [0x20, 4, ...uint32(newest)]), matches, (found) =>
        this.#opened(found),
      );
      if (hello && hello.result !== 'SUCCESS') {
        this.#session = null;
        return false;
      }
      if (hello) return true;
    }
    return false;
  }

  /** Called while the reply is read, because a LINK of the session can follow it. */
  #opened(hello) {
    if (hello.result !== 'SUCCESS') return;
    const { session, serialNumber, bootId, lastCommand, taps = 0, state } = hello;
    this.#earlier.push({ session, serialNumber, bootId });
    this.#session = { session, hello, sequence: 0, last: lastCommand, taps, links: 0, over: state !== 'ready' };
  }

  #connect() {
    const { hostname, port } = new URL(process.env.BLUETAP_TRANSPORT);
    return new Promise((resolve) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      socket.once('connect', () => {
        this.#socket = socket;
        this.#reader = new Reader();
        if (makes('modem-string')) socket.write('AT\r');
        resolve(true);
      });
      socket.on('data', (bytes) => this.#read(bytes));
      socket.on('error', () => {});
      socket.once('close', () => {
        if (this.#socket === socket) this.#socket = undefined;
        this.#session = this.#session && undefined;
        this.#waiting?.answer(undefined);
        resolve(false);
      });
    });
  }

  #write(bytes) {
    if (this.#socket?.writable) this.#socket.write(bytes);
  }

  /** Sends one copy and waits one second for its reply. */
  async #ask(bytes, matches, onReply = () => {}) {
    const result = new Promise((answer) => {
      this.#waiting = { matches, answer, onReply };
    });
    this.#write(bytes);
    const end = performance.now() + upTo(this.#deadline, REPLY_MS);
    let timer;
    // A timer of Node ends early by as long as this process was busy before, so the clock decides.
    const wait = () => {
      const left = end - performance.now();
      if (left > 0) timer = setTimeout(wait, left);
      else this.#waiting?.answer(undefined);
    };
    wait();
    const reply = await result;
    clearTimeout(timer);
    this.#waiting = undefined;
    return reply;
  }

  #read(bytes) {
    for (const frame of this.#reader.take(bytes)) {
      if (makes('takes-requests-for-replies')) frame.type |= frame.type < 5 ? REPLY : 0;
      const message = readMessage(frame);
      if (makes('takes-requests-for-replies') && !message) this.#waiting?.answer(undefined);
      if (message?.type === LINK) this.#link(message);
      else if (message && this.#waiting?.matches(message)) {
        const { answer, onReply } = this.#waiting;
        this.#waiting = undefined;
        onReply(message);
        this.#told(message);
        answer(message);
      }
    }
  }

  /** The newest that the device has said of its payment link. */
  #told({ type, state, taps = 0 }) {
    if (!this.#session || type === (HELLO | REPLY)) return;
    this.#session.over = state !== 'ready';
    if (type === (PAY | REPLY)) this.#session.payWaits = false;
    if (type === (STATUS | REPLY)) this.#session.taps = Math.max(this.#session.taps, taps);
  }

  #link({ session: number, sequence, state, taps = 0 }) {
    const session = this.#session;
    if (!session || (number !== session.session && !makes('any-session'))) return;
    const gap = sequence !== (session.links % 255) + 1;
    session.links = sequence;
    const impossible = session.over && state === 'ready' && !makes('believes-links');
    session.over = state !== 'ready';
    session.taps = Math.max(session.taps, taps);
    if ((gap && !makes('ignores-gaps')) || impossible) this.#askAgain();
  }

  /** Asks with STATUS, as soon as no request is outstanding. */
  #askAgain() {
    if (this.#waiting || !this.#session || this.#doubt) return;
    this.#deadline = performance.now() + 3000;
    this.#asked = this.#exchange(STATUS, []).then(() => {});
  }
}

function callOf([verb, ...options]) {
  const call = { do: verb, timeoutMs: 5000 };
  for (let at = 0; at < options.length; at++) {
    const name = options[at].slice(2).replaceAll(/-[a-z]/g, (part) => part[1].toUpperCase());
    if (name === 'json') continue;
    const value = options[++at];
    if (name === 'timeout') call.timeoutMs = Number(value);
    else call[name] = name === 'expiryTime' ? Number(value) : value;
  }
  return call;
}

const host = new Host();
const print = (facts) => makes('says-nothing') || process.stdout.write(`${JSON.stringify(facts)}\n`);
if (callArguments.length > 0) print(await host.call(callOf(callArguments)));
else for await (const line of createInterface({ input: process.stdin })) print(await host.call(JSON.parse(line)));
host.close();
