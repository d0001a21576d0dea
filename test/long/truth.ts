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

/** The start of the call ids of a host that is not the POS. */
export const OTHER = 'other';

/**
 * How many milliseconds after its time limit a call may settle. Four processes share two cores, and their files are
 * written immediately.
 */
const LATE_MS = 1000;

/** Compares the journals of the POS programs with the logs of the devices. */
export class Truth {
  readonly counts: Record<string, number> = {};
  /** The longest time by which a call settled after its time limit, in milliseconds. */
  latest = Number.NEGATIVE_INFINITY;
  #complaints: string[] = [];

  /**
   * Checks one round. At its end, every call has settled and no call runs.
   * @param logs The log of every run of the device so far. The last log is the log of the current run.
   * @param killed The runs of the POS that were killed.
   * @returns The false or unsafe reports.
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
        else this.#complain('an outcome was reported for an attempt that was not made', entry);
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
      if (told.length > 0 && !result.pending) this.#complain('a final outcome was reported again', { result, told });
    } else {
      this.#count('calls cut short by a kill');
      if (!killed.has(runOf(call))) this.#complain('not settled, although its POS was not killed', call);
    }
    for (const fact of told) {
      this.#count(`${fact.by} ${fact.outcome}`);
      this.#checkFact(fact, attempts, fact.attempt, logs);
    }
  }

  /** @param about The attempt of the fact. A result of a command that was not sent may have no attempt. */
  #checkFact(
    fact: Facts & { readonly entry: string },
    attempts: readonly Attempt[],
    about: Attempt | undefined,
    logs: readonly DeviceLog[],
  ): void {
    const done = attempts.some((attempt) => wasExecuted(attempt, logs));
    switch (fact.outcome) {
      case 'executed':
        if (!about || !wasExecuted(about, logs)) this.#complain('reported as executed, but was not executed', fact);
        break;
      case 'refused':
        if (!about || !hasArrived(about, logs)) this.#complain('reported as refused, but never arrived', fact);
        if (done) this.#complain('reported as refused, but was executed', fact);
        break;
      case 'not-executed':
        if (done) this.#complain('reported as not executed, but was executed', fact);
        break;
      case 'not-sent':
        if (done) this.#complain('reported as not sent, but was executed', fact);
        if (attempts.some((attempt) => hasArrived(attempt, logs)))
          this.#complain('reported as not sent, but arrived', fact);
        break;
      case 'unknown':
        if (!about) this.#complain('unknown for an unexpected reason', fact);
        else if (fact.pending) this.#complain('still unknown, although the only device was asked', fact);
        else if (about.bootId !== logs.at(-1)!.bootId) this.#count('unknown: the device was restarted');
        else if (actedSince(about, logs.at(-1)!)) this.#count('unknown: something else was executed since');
        else this.#complain('unknown, although the device has neither restarted nor executed another command', fact);
    }
  }

  /** Checks that each executed command was in a journal before it was executed. */
  #checkDevices(calls: readonly Call[], logs: readonly DeviceLog[]): void {
    const written = new Set(calls.flatMap(({ attempts }) => attempts.map(nameOf)));
    for (const log of logs) {
      for (const key of [...log.executed.keys()].slice(log.judged)) {
        if (!written.has(`${log.bootId}:${key}`)) this.#complain('executed, but not in the journal', { key });
        this.#count('executed by the device');
      }
      log.judged = log.executed.size;
    }
  }

  /**
   * Checks the reports about payment links, as far as the live payment link shows it. A payment link that was reported
   * as not live must not be live now.
   */
  #checkPaymentLinks(calls: readonly Call[], { live }: DeviceLog): void {
    if (live === undefined) return;
    const at = calls.findIndex(({ call }) => call.command === 'PAY' && call.orderId === live);
    const { call: payer } = calls[at] ?? {};
    for (const [index, { call, results, told }] of calls.entries()) {
      const gone = [...results, ...told].some(({ linkLive, pending }) => linkLive === 'no' && !pending);
      if (!gone) continue;
      // The call is about one order, or about every order before it. The journals do not say which of two hosts came
      // first.
      const oneHost = payer !== undefined && runOf(payer) !== OTHER && runOf(call) !== OTHER;
      const speaksOf = call.orderId === undefined ? oneHost && at < index : call.orderId === live;
      if (speaksOf)
        this.#complain(`reported that no payment link is live, but the payment link of ${live} is live`, {
          call,
          results,
          told,
        });
    }
  }
}

/** Returns the run of the POS that made a call: the start of the id of the call. */
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

/** True if the device has executed another command after the last command that the attempt names. */
function actedSince(attempt: Attempt, { executed }: DeviceLog): boolean {
  const last = attempt.last ? executed.get(`${attempt.last.session}/${attempt.last.sequence}`)! : -1;
  return executed.size - 1 - last - (executed.has(keyOf(attempt)) ? 1 : 0) > 0;
}
