import type { DeviceLog } from './device-log.js';
import { type Entry, openAttempts, sameAttempt } from './programs/journal.js';
import type { Attempt, Facts } from './programs/packages.js';

type CallEntry = Extract<Entry, { entry: 'call' }>;
type ResultEntry = Extract<Entry, { entry: 'result' }>;
type ToldEntry = Extract<Entry, { entry: 'told' }>;

interface Call {
  readonly call: CallEntry;
  readonly attempts: Attempt[];
  readonly results: ResultEntry[];
  readonly told: ToldEntry[];
}

/** Begins the ids of a host that is not the POS. */
export const OTHER = 'other';

/** How much later than its bound a call may settle: two cores, four processes, and files that are written through. */
const LATE_MS = 1000;

/** What the POS programs wrote down, held against what the devices did. */
export class Truth {
  readonly counts: Record<string, number> = {};
  /** The most by which a call settled after its own bound. */
  latest = Number.NEGATIVE_INFINITY;
  #complaints: string[] = [];

  /**
   * Looks at one round at whose end everything is settled and nothing is under way.
   * @param logs Every run of the device so far; the last one is the present one.
   * @param killed The runs of the POS that were killed.
   * @returns What is not true, or not safe.
   */
  check(entries: readonly Entry[], logs: readonly DeviceLog[], killed: ReadonlySet<string>): string[] {
    this.#complaints = [];
    const calls = this.#calls(entries);
    for (const attempt of openAttempts(entries)) this.#complain('an attempt is left without an outcome', attempt);
    for (const call of calls.values()) this.#checkCall(call, logs, killed);
    this.#checkDevices([...calls.values()], logs);
    this.#checkPaymentLinks([...calls.values()], logs.at(-1)!);
    return this.#complaints;
  }

  #complain(what: string, about: unknown): void {
    this.#complaints.push(`${what}: ${JSON.stringify(about)}`);
  }

  #count(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  #calls(entries: readonly Entry[]): Map<string, Call> {
    const calls = new Map<string, Call>();
    for (const entry of entries) {
      if (entry.entry === 'call') calls.set(entry.id, { call: entry, attempts: [], results: [], told: [] });
      else if (entry.entry === 'attempt') calls.get(entry.id)!.attempts.push(entry.attempt);
      else if (entry.entry === 'result') calls.get(entry.id)!.results.push(entry);
      else {
        const of = [...calls.values()].find(({ attempts }) =>
          attempts.some((each) => sameAttempt(each, entry.attempt)),
        );
        if (of) of.told.push(entry);
        else this.#complain('something is told of an attempt that was not made', entry);
      }
    }
    return calls;
  }

  #checkCall({ call, attempts, results, told }: Call, logs: readonly DeviceLog[], killed: ReadonlySet<string>): void {
    this.#count('calls');
    const done = attempts.filter((attempt) => wasExecuted(attempt, logs));
    if (done.length > 1) this.#complain('executed more than once', { call, done });
    if (call.orderId !== undefined && call.command === 'PAY') {
      const shown = logs.reduce((sum, log) => sum + (log.shown.get(call.orderId!) ?? 0), 0);
      if (shown > 1) this.#complain(`its payment link was shown ${shown} times`, call);
    }

    if (results.length > 1) this.#complain('settled more than once', { call, results });
    const [result] = results;
    if (result) {
      this.#count(`result ${result.outcome}${result.pending ? ', pending' : ''}`);
      this.latest = Math.max(this.latest, result.ms - call.timeoutMs);
      if (result.ms > call.timeoutMs + LATE_MS) this.#complain('settled late', { call, result });
      if ((result.code === 'SUCCESS') !== (result.outcome === 'executed')) this.#complain('a wrong code', result);
      if (!(result.outcome === 'unknown' && result.pending)) this.#checkFact(result, attempts, result.attempt, logs);
      if (told.length > 0 && !result.pending) this.#complain('told again what was final', { result, told });
    } else {
      this.#count('calls cut short by a kill');
      if (!killed.has(runOf(call))) this.#complain('not settled, and its POS lives', call);
    }
    for (const fact of told) {
      this.#count(`${fact.by} ${fact.outcome}`);
      this.#checkFact(fact, attempts, fact.attempt, logs);
    }
  }

  /** @param about The attempt that it speaks of; a result that was not sent may have none. */
  #checkFact(
    fact: Facts & { readonly entry: string },
    attempts: readonly Attempt[],
    about: Attempt | undefined,
    logs: readonly DeviceLog[],
  ): void {
    const done = attempts.some((attempt) => wasExecuted(attempt, logs));
    switch (fact.outcome) {
      case 'executed':
        if (!about || !wasExecuted(about, logs)) this.#complain('told as executed, and was not', fact);
        break;
      case 'refused':
        if (!about || !hasArrived(about, logs)) this.#complain('told as refused, and never came', fact);
        if (done) this.#complain('told as refused, and was executed', fact);
        break;
      case 'not-executed':
        if (done) this.#complain('told as not executed, and was', fact);
        break;
      case 'not-sent':
        if (done) this.#complain('told as not sent, and was executed', fact);
        if (attempts.some((attempt) => hasArrived(attempt, logs))) this.#complain('told as not sent, and came', fact);
        break;
      case 'unknown':
        if (!about) this.#complain('unknown for a reason that was not foreseen', fact);
        else if (fact.pending) this.#complain('still unknown, and the one device there is was asked', fact);
        else if (about.bootId !== logs.at(-1)!.bootId) this.#count('unknown: the device was restarted');
        else if (actedSince(about, logs.at(-1)!)) this.#count('unknown: something else was executed since');
        else this.#complain('unknown, and the device has neither restarted nor done anything else', fact);
    }
  }

  /** Whatever a device executed was written down before. */
  #checkDevices(calls: readonly Call[], logs: readonly DeviceLog[]): void {
    const written = new Set(calls.flatMap(({ attempts }) => attempts.map(nameOf)));
    for (const log of logs) {
      for (const key of [...log.executed.keys()].slice(log.judged)) {
        if (!written.has(`${log.bootId}:${key}`)) this.#complain('executed, and not written down', { key });
        this.#count('executed by the device');
      }
      log.judged = log.executed.size;
    }
  }

  /** What was said of payment links, as far as it can be seen now: a payment link that was gone is not live again. */
  #checkPaymentLinks(calls: readonly Call[], { live }: DeviceLog): void {
    if (live === undefined) return;
    const at = calls.findIndex(({ call }) => call.command === 'PAY' && call.orderId === live);
    const { call: payer } = calls[at] ?? {};
    for (const [index, { call, results, told }] of calls.entries()) {
      const gone = [...results, ...told].some(({ linkLive, pending }) => linkLive === 'no' && !pending);
      if (!gone) continue;
      // An order, or every order that was paid before. Which of two hosts came first is not written down.
      const oneHost = payer !== undefined && runOf(payer) !== OTHER && runOf(call) !== OTHER;
      const speaksOf = call.orderId === undefined ? oneHost && at < index : call.orderId === live;
      if (speaksOf)
        this.#complain(`told that no payment link is live, and that of ${live} is`, { call, results, told });
    }
  }
}

/** The POS's run that a call is of: what its id begins with. */
function runOf({ id }: CallEntry): string {
  return id.slice(0, id.lastIndexOf('-'));
}

function keyOf({ session, sequence }: Attempt): string {
  return `${session}/${sequence}`;
}

function nameOf(attempt: Attempt): string {
  return `${attempt.bootId}:${keyOf(attempt)}`;
}

function logOf({ bootId }: Attempt, logs: readonly DeviceLog[]): DeviceLog | undefined {
  return logs.find((log) => log.bootId === bootId);
}

function wasExecuted(attempt: Attempt, logs: readonly DeviceLog[]): boolean {
  return logOf(attempt, logs)?.executed.has(keyOf(attempt)) ?? false;
}

function hasArrived(attempt: Attempt, logs: readonly DeviceLog[]): boolean {
  return logOf(attempt, logs)?.arrived.has(keyOf(attempt)) ?? false;
}

/** Whether the device has executed something else after what the attempt took for the last command. */
function actedSince(attempt: Attempt, { executed }: DeviceLog): boolean {
  const last = attempt.last ? executed.get(`${attempt.last.session}/${attempt.last.sequence}`)! : -1;
  return executed.size - 1 - last - (executed.has(keyOf(attempt)) ? 1 : 0) > 0;
}
