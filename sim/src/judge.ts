import type { Emulator, EmulatorEvent } from '@bluetap/emulator';
import type { Attempt, CommandResult, Facts, Resolution } from '@bluetap/sdk';
import { type Command, inDoubt } from './command.js';
import type { Plug } from './plug.js';
import type { SimClock } from './sim-clock.js';
import type { Verdict } from './verdict.js';

interface Execution {
  readonly at: number;
  readonly bootId: number;
  readonly session: number;
  readonly sequence: number;
  readonly type: 'PAY' | 'CANCEL';
  /** Only for a PAY. Each PAY has a different order id, so the order id identifies the command without its numbers. */
  readonly orderId: string | undefined;
}

/** Compares what really happened in the device with what the SDK says. */
export class Judge {
  readonly #clock: SimClock;
  readonly #tracing: boolean;
  readonly #violations: string[] = [];
  readonly #trace: string[] = [];
  readonly #hits = new Map<string, number>();
  readonly #commands: Command[] = [];
  readonly #executions: Execution[] = [];
  /** The PAY and CANCEL messages that arrived at the device, by boot id, session and sequence. */
  readonly #arrived = new Set<string>();
  #emulator: Emulator | undefined;
  #bootId = 0;
  #orderAsked: string | undefined;
  readonly #shown = new Set<string | undefined>();
  #checked = 0;
  #underWay = 0;

  constructor(clock: SimClock, tracing: boolean) {
    this.#clock = clock;
    this.#tracing = tracing;
  }

  watch(emulator: Emulator): void {
    this.#emulator = emulator;
  }

  told(line: () => string): void {
    if (this.#tracing) this.#trace.push(`${this.#clock.now().toFixed(0).padStart(7)} ${line()}`);
  }

  hit(what: string): void {
    this.#hits.set(what, (this.#hits.get(what) ?? 0) + 1);
  }

  violation(what: string): void {
    this.#violations.push(`at ${this.#clock.now()} ms: ${what}`);
    this.told(() => `VIOLATION ${what}`);
  }

  callStarted(): void {
    this.#underWay++;
  }

  callEnded(): void {
    this.#underWay--;
  }

  /** Receives an event of the device. */
  device(event: EmulatorEvent): void {
    this.told(() => `device ${JSON.stringify(event)}`);
    switch (event.event) {
      case 'start':
        this.#bootId = event.bootId;
        return;
      case 'state':
        this.hit(`link ${event.snapshot.state} (${event.cause})`);
        if (event.cause === 'pay' && event.snapshot.state === 'ready') this.#paymentLinkShown(event.orderId);
        return;
      case 'dropped':
        this.hit(`device dropped a frame: ${event.code}`);
        return;
      case 'message': {
        const { message } = event;
        if (event.direction === 'in') {
          if (message.type === 'PAY' || message.type === 'CANCEL')
            this.#arrived.add(key({ ...message, bootId: this.#bootId }));
          if (message.type === 'PAY') this.#orderAsked = message.orderId;
          return;
        }
        if (message.type === 'HELLO_REPLY' && message.result === 'SUCCESS') this.#bootId = message.bootId;
        if ((message.type === 'PAY_REPLY' || message.type === 'CANCEL_REPLY') && message.result === 'SUCCESS') {
          this.#execution(message.type === 'PAY_REPLY' ? 'PAY' : 'CANCEL', message.session, message.sequence);
        }
        if ('result' in message && message.result !== 'SUCCESS') this.hit(`refused, reason ${message.reason}`);
      }
    }
  }

  /** A PAY has shown its payment link. The answer does not matter. */
  #paymentLinkShown(orderId: string | undefined): void {
    if (this.#shown.has(orderId)) this.violation(`the payment link of ${orderId} was shown twice`);
    this.#shown.add(orderId);
  }

  #execution(type: Execution['type'], session: number, sequence: number): void {
    const bootId = this.#bootId;
    if (
      this.#executions.some((each) => each.bootId === bootId && each.session === session && each.sequence === sequence)
    ) {
      this.hit('repeat answered');
      return;
    }
    const orderId = type === 'PAY' ? this.#orderAsked : undefined;
    this.#executions.push({ at: this.#clock.now(), bootId, session, sequence, type, orderId });
  }

  called(command: Command): void {
    this.#commands.push(command);
    this.told(() => `POS ${command.pos} ${command.type} ${command.orderId ?? ''} within ${command.timeoutMs}`);
  }

  bound(what: string, calledAt: number, timeoutMs: number): void {
    const took = this.#clock.now() - calledAt;
    if (took > timeoutMs) this.violation(`${what} took ${took} ms with a bound of ${timeoutMs} ms`);
  }

  settled(command: Command, result: CommandResult): void {
    if (command.crashed) return;
    const { code, outcome, linkLive, pending } = result;
    this.told(
      () =>
        `POS ${command.pos} ${command.type} ${command.orderId ?? ''} ${code} ${outcome} link ${linkLive}${pending ? ' pending' : ''}`,
    );
    this.hit(`${command.type} ${code} ${outcome}${pending ? ' pending' : ''}`);
    if (command.result) this.violation(`${name(command)} settled twice`);
    command.result = result;
    this.bound(name(command), command.calledAt, command.timeoutMs);
    if (code === 'SUCCESS' && outcome !== 'executed') this.violation(`${name(command)}: SUCCESS, but ${outcome}`);
    this.#check(command, result);
    if (command.attempts.filter((attempt) => this.#arrived.has(key(attempt))).length > 2) {
      this.violation(`${name(command)} was sent more than twice`);
    }
    const { error } = result;
    if (code === 'UNKNOWN_EXCEPTION' && error?.message.startsWith('Something unexpected'))
      this.violation(error.message);
  }

  resolved(commands: readonly Command[], resolution: Resolution): void {
    const { attempt, outcome, linkLive } = resolution;
    const command = commands.find((each) => each.attempts.some((own) => same(own, attempt)));
    this.told(() => `resolved ${attempt.session}.${attempt.sequence} ${outcome} link ${linkLive}`);
    this.hit(`resolved ${outcome}`);
    if (!command) {
      this.violation('an attempt that no POS made was resolved');
      return;
    }
    if (command.resolution) this.violation(`${name(command)} was resolved twice`);
    command.resolution = resolution;
    this.#check(command, resolution);
  }

  /** Called after each instant. If the device has executed a command, checks that every earlier result is still true. */
  step(): void {
    if (this.#checked === this.#executions.length) return;
    this.#checked = this.#executions.length;
    for (const command of this.#commands) {
      const facts = command.resolution ?? command.result;
      if (!facts) continue;
      const count = this.#executedOf(command).length;
      if (count > 1) this.violation(`${name(command)} was executed ${count} times`);
      if (count > 0 && facts.outcome !== 'executed' && facts.outcome !== 'unknown') {
        this.violation(`${name(command)} was executed, after it had been said to be ${facts.outcome}`);
      }
    }
  }

  /** Called when every POS program is closed and the device is still open. */
  closed(plugs: readonly Plug[]): void {
    for (const plug of plugs) {
      if (plug.channels.size > 0) this.violation('a channel is left open');
      if (plug.watchers.size > 0) this.violation('a watcher is left');
    }
  }

  /** Called when everything is closed. */
  end(commands: readonly Command[]): void {
    if (this.#underWay > 0) this.violation(`${this.#underWay} calls never settled`);
    for (const command of commands) {
      if (!command.result && !command.crashed) this.violation(`${name(command)} never settled`);
      if (inDoubt(command)) this.violation(`${name(command)} is still in doubt, though the device was seen again`);
    }
  }

  verdict(): Verdict {
    return { violations: this.#violations, trace: this.#trace, hits: this.#hits };
  }

  /** Checks that the facts that the SDK told about a command are true. */
  #check(command: Command, facts: Facts): void {
    const { outcome, linkLive } = facts;
    const executed = this.#executedOf(command);
    if (outcome === 'executed' && executed.length === 0)
      this.violation(`${name(command)} was said to be executed, and was not`);
    if ((outcome === 'not-executed' || outcome === 'refused' || outcome === 'not-sent') && executed.length > 0) {
      this.violation(`${name(command)} was said to be ${outcome}, and was executed`);
    }
    // An attempt whose session was refused, and that got no second session, was sent too.
    if (outcome === 'not-sent' && command.attempts.length === 1 && this.#arrived.has(key(command.attempts[0]!))) {
      this.violation(`${name(command)} was said not to be sent, and arrived`);
    }
    if (outcome === 'unknown' && !facts.pending && !this.#othersActed(command)) {
      this.violation(`${name(command)} stays unknown without a reason`);
    }
    const snapshot = linkLive === 'no' ? this.#emulator?.snapshot : undefined;
    if (snapshot?.state === 'ready' && this.#isItsPaymentLink(command, snapshot.orderId)) {
      this.violation(`${name(command)}: its payment link was said not to be live, and it is`);
    }
  }

  /** A CANCEL without an order id is about a payment link that was live at the call. */
  #isItsPaymentLink(command: Command, live: string | undefined): boolean {
    if (command.orderId !== undefined) return command.orderId === live;
    const shownBy = this.#commands.find((each) => each.type === 'PAY' && each.orderId === live);
    return shownBy !== undefined && this.#executedOf(shownBy).some(({ at }) => at < command.calledAt);
  }

  #executedOf(command: Command): Execution[] {
    if (command.type === 'PAY') return this.#executions.filter(({ orderId }) => orderId === command.orderId);
    return this.#executions.filter(
      (each) => command.attempts.some((own) => same(own, each)) || this.#isItsInAnotherBoot(command, each),
    );
  }

  /**
   * After a restart on an open line, the device can choose an old session number by chance. A POS program with that
   * number then continues in a boot that it does not know. The device executes what it sends. The execution belongs to
   * this POS program unless another POS program sent the same message.
   */
  #isItsInAnotherBoot({ type, calledAt, attempts }: Command, execution: Execution): boolean {
    return (
      type === execution.type &&
      execution.at >= calledAt &&
      attempts.some((own) => same({ ...own, bootId: execution.bootId }, execution)) &&
      !this.#commands.some((other) => other.attempts.some((attempt) => same(attempt, execution)))
    );
  }

  /** Returns true if the device has restarted or executed another POS program's command since the last known command. */
  #othersActed(command: Command): boolean {
    const attempt = command.attempts.at(-1);
    if (!attempt || attempt.bootId !== this.#bootId) return true;
    const { last, bootId } = attempt;
    const known = this.#executions.findIndex((each) => last && same(each, { ...last, bootId }));
    const own = this.#commands.filter(({ pos }) => pos === command.pos).flatMap(({ attempts }) => attempts);
    return this.#executions
      .slice(known + 1)
      .some((each) => each.bootId === bootId && !own.some((attempt) => same(attempt, each)));
  }
}

function same(
  a: Omit<Attempt, 'command' | 'last' | 'serialNumber'>,
  b: Omit<Attempt, 'command' | 'last' | 'serialNumber'>,
): boolean {
  return a.bootId === b.bootId && a.session === b.session && a.sequence === b.sequence;
}

function key({ bootId, session, sequence }: { bootId: number; session: number; sequence: number }): string {
  return `${bootId}.${session}.${sequence}`;
}

function name(command: Command): string {
  return `POS ${command.pos}'s ${command.type}${command.orderId ? ` of ${command.orderId}` : ''} called at ${command.calledAt} ms`;
}
