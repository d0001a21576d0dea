// Tries a cancel, an abort and the end of a call's time limit at every millisecond of the exchange of a PAY, in real
// time.
// BLUETAP_LONG_LAST_MS: the last millisecond. The default is 200.
import { handles, median, Report, setting } from './figures.js';
import {
  type Behaviour,
  Client,
  type CommandResult,
  Emulator,
  ignoreRequests,
  type Outcome,
  type Resolution,
} from './packages.js';

const LAST_MS = setting('BLUETAP_LONG_LAST_MS', 200);
/** The delay in each direction. The exchange of a PAY takes 100 ms, and the device executes the PAY in the middle. */
const LINE_MS = 50;
/** The number of trials at the same time. Each trial waits most of the time. */
const LANES = 24;
/**
 * Enough for three exchanges of 100 ms (the rest of a PAY, HELLO, a CANCEL) and for a busy machine. It is less than the
 * 1000 ms of every timer of the SDK. So the test finds a call that waited for something other than the line.
 */
const SETTLE_MS = 900;

/** A line that delays every frame in both directions, and keeps the order. */
const slowLine: Behaviour = {
  name: 'slow line',
  onFrame: (frame, next, context) => context.after(LINE_MS, () => next(frame)),
  onSend: (bytes, next, context) => context.after(LINE_MS, () => next(bytes)),
};

const report = new Report(300);
const counts: Record<string, Record<string, number>> = {};
const settleTimes: number[] = [];
const nextTimes: number[] = [];
let calls = 0;
let settled = 0;

function count(what: string, outcome: Outcome): void {
  counts[what] ??= {};
  counts[what][outcome] = (counts[what][outcome] ?? 0) + 1;
}

class Trial {
  readonly executed = new Set<string>();
  readonly resolved: Resolution[] = [];
  readonly #kind: string;
  readonly #ms: number;
  readonly #client: Client;
  readonly #emulator: Emulator;

  constructor(kind: string, ms: number) {
    this.#kind = kind;
    this.#ms = ms;
    this.#emulator = new Emulator({
      onEvent: (event) => {
        // The device itself reports this: only a command with a new sequence changes the payment link.
        if (event.event === 'state') this.executed.add(`${event.cause} ${event.orderId}`);
      },
    });
    this.#emulator.use(slowLine);
    this.#client = new Client({ transport: this.#emulator.transport() });
    this.#client.on('resolved', (resolution) => void this.resolved.push(resolution));
  }

  get client(): Client {
    return this.#client;
  }

  get emulator(): Emulator {
    return this.#emulator;
  }

  get state(): string {
    return this.#emulator.snapshot.state;
  }

  check(holds: boolean, problem: string): void {
    report.check(holds, () => `${this.#kind}, at ${this.#ms} ms: ${problem}`);
  }

  /** Waits for the end of a call, and checks that it comes in time. */
  async settles(what: string, call: Promise<CommandResult>): Promise<CommandResult> {
    calls++;
    const start = performance.now();
    const result = await call;
    settled++;
    const ms = performance.now() - start;
    settleTimes.push(ms);
    this.check(ms <= SETTLE_MS, `${what} settled after ${ms.toFixed(0)} ms`);
    this.check((result.code === 'SUCCESS') === (result.outcome === 'executed'), `${what}: ${result.code}`);
    count(`${this.#kind}: ${what}`, result.outcome);
    return result;
  }

  /** Does the same as `settles`, and also compares the result with what the device did. */
  async follow(what: string, effect: string, call: Promise<CommandResult>): Promise<CommandResult> {
    const result = await this.settles(what, call);
    this.#true(what, effect, result.outcome, result.pending);
    return result;
  }

  #true(what: string, effect: string, outcome: Outcome, pending: boolean): void {
    const did = this.executed.has(effect);
    if (outcome === 'executed') this.check(did, `${what} was reported as executed, but was not executed`);
    else if (outcome !== 'unknown') this.check(!did, `${what} was reported as ${outcome}, but was executed`);
    else this.check(pending, `${what} stays unknown, although no other command was executed`);
  }

  /** Checks that each doubt was resolved once and correctly, and that the device serves the next shopper. */
  async end(doubts: readonly (readonly [what: string, effect: string, result: CommandResult])[]): Promise<void> {
    const start = performance.now();
    const next = await this.follow(
      'next pay',
      'pay NEXT',
      this.#client.pay({ paymentMethod: 'SEVEN_11', orderId: 'NEXT' }),
    );
    nextTimes.push(performance.now() - start);
    this.check(next.code === 'SUCCESS', `the next pay was ${next.outcome}: ${next.error?.message}`);
    const status = await this.#client.status();
    this.check(status.orderId === 'NEXT', `the device shows ${status.orderId ?? status.state}`);
    const pending = doubts.filter(([, , { pending }]) => pending);
    for (const [what, effect, { attempt }] of pending) {
      const told = this.resolved.filter(
        (each) => each.attempt.session === attempt!.session && each.attempt.sequence === attempt!.sequence,
      );
      // The next PAY had a session, and the reply to HELLO, which opens a session, resolves every doubt.
      this.check(told.length === 1, `the doubt about ${what} was resolved ${told.length} times`);
      for (const { outcome, pending } of told) {
        this.#true(`${what}, when resolved,`, effect, outcome, pending);
        count(`${this.#kind}: ${what}, when resolved`, outcome);
      }
    }
    this.check(this.resolved.length === pending.length, `${this.resolved.length} resolved, ${pending.length} doubts`);
    await this.#client.close();
    await this.#emulator.close();
  }
}

const PAY = { paymentMethod: 'TRUEMONEY', amount: '1.00', orderId: 'A' } as const;
const after = (ms: number) => (ms === 0 ? undefined : new Promise<void>((resolve) => setTimeout(resolve, ms)));

const kinds: Record<string, (trial: Trial, ms: number) => Promise<void>> = {
  'cancel after pay': async (trial, ms) => {
    const pay = trial.follow('pay', 'pay A', trial.client.pay(PAY));
    await after(ms);
    const cancel = await trial.follow('cancel', 'cancel A', trial.client.cancel({ orderId: 'A' }));
    const paid = await pay;
    trial.check(cancel.outcome === 'executed', `the cancel was ${cancel.outcome}`);
    trial.check(paid.outcome === 'executed', `the pay was ${paid.outcome}`);
    trial.check(trial.state === 'cancelled', `the device is ${trial.state}`);
    await trial.end([['pay', 'pay A', paid]]);
  },
  'pay aborted, cancel at once': async (trial, ms) => {
    const abort = new AbortController();
    const pay = trial.follow('pay', 'pay A', trial.client.pay(PAY, { signal: abort.signal }));
    await after(ms);
    abort.abort(new Error('the shopper left'));
    // Without an order id, because it is not known whether a payment link is live.
    const cancel = await trial.settles('cancel', trial.client.cancel());
    const paid = await pay;
    trial.check(cancel.code === 'SUCCESS' && cancel.linkLive === 'no', `the cancel was ${cancel.outcome}`);
    trial.check(trial.state !== 'ready', `the device is ${trial.state}`);
    await trial.end([['pay', 'pay A', paid]]);
  },
  'pay lost and aborted, cancel at once': async (trial, ms) => {
    const abort = new AbortController();
    const found = trial.emulator.use(ignoreRequests(1, { type: 'PAY' }));
    const pay = trial.follow('pay', 'pay A', trial.client.pay(PAY, { signal: abort.signal }));
    await after(ms);
    abort.abort(new Error('the shopper left'));
    const cancel = await trial.settles('cancel', trial.client.cancel());
    trial.check(cancel.code === 'SUCCESS' && cancel.linkLive === 'no', `the cancel was ${cancel.outcome}`);
    trial.check(trial.state === 'idle', `the device is ${trial.state}`);
    // At 0 ms nothing was sent, so without this line the next PAY would be lost.
    if (ms === 0) found();
    await trial.end([['pay', 'pay A', await pay]]);
  },
  'time of the pay up, cancel at once': async (trial, ms) => {
    const paid = await trial.follow('pay', 'pay A', trial.client.pay(PAY, { timeoutMs: Math.max(1, ms) }));
    const cancel = await trial.settles('cancel', trial.client.cancel());
    trial.check(cancel.code === 'SUCCESS' && cancel.linkLive === 'no', `the cancel was ${cancel.outcome}`);
    trial.check(trial.state !== 'ready', `the device is ${trial.state}`);
    await trial.end([['pay', 'pay A', paid]]);
  },
  'another host cancels': async (trial, ms) => {
    const pay = trial.follow('pay', 'pay A', trial.client.pay(PAY));
    await after(ms);
    const other = new Client({ transport: trial.emulator.transport() });
    const cancel = await trial.settles('cancel', other.cancel({ orderId: 'A' }));
    await other.close();
    const paid = await pay;
    trial.check(cancel.outcome === 'executed', `the cancel was ${cancel.outcome}`);
    trial.check(paid.outcome === 'executed', `the pay was ${paid.outcome}`);
    trial.check(trial.state === 'cancelled', `the device is ${trial.state}`);
    await trial.end([['pay', 'pay A', paid]]);
  },
  'cancel aborted, cancel again': async (trial, ms) => {
    const paid = await trial.follow('pay', 'pay A', trial.client.pay(PAY));
    trial.check(paid.code === 'SUCCESS', `the pay was ${paid.outcome}`);
    const abort = new AbortController();
    const first = trial.follow('cancel', 'cancel A', trial.client.cancel({ orderId: 'A' }, { signal: abort.signal }));
    await after(ms);
    abort.abort(new Error('changed my mind'));
    const again = await trial.settles('second cancel', trial.client.cancel({ orderId: 'A' }));
    trial.check(again.code === 'SUCCESS', `the second cancel was ${again.outcome}`);
    trial.check(trial.state === 'cancelled', `the device is ${trial.state}`);
    await trial.end([['cancel', 'cancel A', await first]]);
  },
};

const trials = Object.entries(kinds).flatMap(([kind, run]) =>
  Array.from({ length: LAST_MS + 1 }, (_, ms) => ({ kind, run, ms })),
);
const start = performance.now();
const before = handles().length;
const waiting = trials.values();
await Promise.all(
  Array.from({ length: LANES }, async () => {
    for (const { kind, run, ms } of waiting) {
      const trial = new Trial(kind, ms);
      await trial.client.info();
      await run(trial, ms);
    }
  }),
);

report.figure('trials', trials.length);
for (const [what, outcomes] of Object.entries(counts)) {
  const text = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  report.figure(what, text.join(', '));
}
report.figure('calls followed', `${calls}, ${settled} settled`);
report.check(calls === settled, () => `${calls - settled} calls did not settle`);
report.figure(
  'a call settles after',
  `${median(settleTimes).toFixed(0)} ms, ${Math.max(...settleTimes).toFixed(0)} ms at most`,
);
report.figure('the next pay', `${median(nextTimes).toFixed(0)} ms, ${Math.max(...nextTimes).toFixed(0)} ms at most`);
report.figure('time', `${((performance.now() - start) / 1000).toFixed(1)} s`);
await report.closed(before);
report.tell();
