import type { Attempt, CommandResult, Facts, Resolution } from '@bluetap/sdk';
import { type Command, inDoubt } from './host/command.js';
import type { Plug } from './plug.js';
import type { DeviceFault } from './script.js';
import type { SimClock } from './sim-clock.js';
import type { DeviceTruth, Execution, TruthHandlers } from './truth/device-truth.js';
import type { Verdict } from './verdict.js';

/** Compares what really happened in the devices with what the SDK says about the commands. */
export class Judge implements TruthHandlers {
  readonly #clock: SimClock;
  readonly #tracing: boolean;
  readonly #violations: string[] = [];
  readonly #trace: string[] = [];
  readonly #hits = new Map<string, number>();
  readonly #commands: Command[] = [];
  readonly #executions: Execution[] = [];
  readonly #devices = new Map<string, DeviceTruth>();
  readonly #shown = new Set<string | undefined>();
  #checked = 0;
  #underWay = 0;
  /** A device has told the reply to HELLO wrong. From then on its last command is no reason for anything. */
  #liedTo = false;

  constructor(clock: SimClock, tracing: boolean) {
    this.#clock = clock;
    this.#tracing = tracing;
  }

  watch(device: DeviceTruth): void {
    this.#devices.set(device.serialNumber, device);
  }

  told(line: () => string): void {
    if (this.#tracing) this.#trace.push(`${this.#clock.now().toFixed(0).padStart(7)} ${line()}`);
  }

  hit(what: string): void {
    this.#hits.set(what, (this.#hits.get(what) ?? 0) + 1);
  }

  /** A fault of the device acts. */
  faultActs(fault: DeviceFault): void {
    this.hit(`device ${fault}`);
    if (fault === 'false-hello') this.#liedTo = true;
  }

  violation(what: string): void {
    this.#violations.push(`at ${this.#clock.now()} ms: ${what}`);
    this.told(() => `VIOLATION ${what}`);
  }

  /** The log of a client, for the trace. */
  logger(who: string) {
    if (!this.#tracing) return undefined;
    const line = (text: string, data?: object) => this.told(() => `${who} logs ${text} ${JSON.stringify(data ?? {})}`);
    return { debug: line, info: () => {}, warn: line, error: line };
  }

  callStarted(): void {
    this.#underWay++;
  }

  callEnded(): void {
    this.#underWay--;
  }

  executed(execution: Execution): void {
    this.told(() => `device executes ${JSON.stringify(execution)}`);
    this.#executions.push(execution);
  }

  /** A PAY has shown its payment link. The answer does not matter. */
  shown(orderId: string | undefined): void {
    if (this.#shown.has(orderId)) this.violation(`the payment link of ${orderId} was shown twice`);
    this.#shown.add(orderId);
  }

  called(command: Command): void {
    this.#commands.push(command);
    this.told(() => `POS ${command.pos} ${command.type} ${command.orderId ?? ''} within ${command.timeoutMs}`);
  }

  settled(command: Command, result: CommandResult): void {
    const { code, outcome, linkLive, pending } = result;
    this.told(
      () =>
        `POS ${command.pos} ${command.type} ${command.orderId ?? ''} ${code} ${outcome} link ${linkLive}${pending ? ' pending' : ''}`,
    );
    this.hit(`${command.type} ${code} ${outcome}${pending ? ' pending' : ''}`);
    if (command.result) this.violation(`${name(command)} settled twice`);
    command.result = result;
    this.#check(command, result, command.attempts.at(-1));
    const { error } = result;
    if (code === 'UNKNOWN_EXCEPTION' && error?.message.startsWith('Something unexpected'))
      this.violation(error.message);
  }

  /** Returns the command of the resolution. */
  resolved(commands: readonly Command[], resolution: Resolution): Command | undefined {
    const { attempt, outcome, linkLive } = resolution;
    const command = commands.find((each) => each.attempts.some((own) => same(own, attempt)));
    this.told(() => `resolved ${attempt.session}.${attempt.sequence} ${outcome} link ${linkLive}`);
    this.hit(`resolved ${outcome}`);
    if (!command) {
      this.violation('an attempt that no POS made was resolved');
      return undefined;
    }
    if (command.resolution) this.violation(`${name(command)} was resolved twice`);
    if (command.result && !command.result.pending && !command.handedOver)
      this.violation(`${name(command)} was resolved, but it was not in doubt`);
    if (!command.result && !command.crashed && !command.handedOver)
      this.violation(`${name(command)} was resolved before its result`);
    command.resolution = resolution;
    this.#check(command, resolution, attempt);
    return command;
  }

  /** The answer to a question about one attempt of a command. */
  answered(command: Command, attempt: Attempt, facts: Facts): void {
    const { outcome, linkLive, pending } = facts;
    this.told(() => `outcome of ${name(command)}: ${outcome} link ${linkLive}`);
    this.hit(`outcomeOf ${outcome}`);
    const executed = this.#executions.some((each) => same(each, attempt));
    if (executed !== (outcome === 'executed') && outcome !== 'unknown')
      this.violation(`an attempt of ${name(command)} was said to be ${outcome}`);
    if (outcome === 'unknown' && !pending && !this.#othersActed(attempt, [attempt]))
      this.violation(`an attempt of ${name(command)} stays unknown without a reason`);
    if (linkLive === 'no' && (executed || command.type === 'CANCEL') && this.#isLive(command))
      this.violation(`the payment link of an attempt of ${name(command)} was said not to be live, and it is`);
  }

  /** Called after each instant. If the device has executed a command, checks that every earlier result is still true. */
  step(congested: (connection: unknown) => boolean): void {
    const now = this.#clock.now();
    for (const device of this.#devices.values()) device.settled(now, congested);
    for (; this.#checked < this.#executions.length; this.#checked++) this.#isRight(this.#executions[this.#checked]!);
  }

  /** Checks what was told before about the command that was executed now. */
  #isRight(execution: Execution): void {
    for (const command of this.#commands) {
      if (command.type !== execution.type || (command.type === 'PAY' && command.orderId !== execution.orderId))
        continue;
      const count = this.#executedOf(command).length;
      if (count > 1) this.violation(`${name(command)} was executed ${count} times`);
      const outcome = (command.resolution ?? command.result)?.outcome ?? 'unknown';
      if (count > 0 && outcome !== 'executed' && outcome !== 'unknown')
        this.violation(`${name(command)} was executed, after it had been said to be ${outcome}`);
    }
  }

  /** Called when every POS program is closed and the device is still open. */
  closed(plugs: readonly Plug[]): void {
    for (const plug of plugs) {
      if (plug.channels.size > 0) this.violation('a channel is left open');
      if (plug.watchers.size > 0) this.violation('a watcher is left');
    }
  }

  /**
   * Called when everything is closed.
   * @param here The serial number of the device that is there at the end.
   */
  end(commands: readonly Command[], here: string): void {
    if (this.#underWay > 0) this.violation(`${this.#underWay} calls never settled`);
    for (const command of commands) {
      if (!command.result && !command.crashed) this.violation(`${name(command)} never settled`);
      if (inDoubt(command) && command.attempts.at(-1)?.serialNumber === here)
        this.violation(`${name(command)} is still in doubt, though the device was seen again`);
    }
  }

  verdict(): Verdict {
    return { violations: this.#violations, trace: this.#trace, hits: this.#hits };
  }

  /** Checks that the facts that the SDK told about a command are true. */
  #check(command: Command, facts: Facts, attempt: Attempt | undefined): void {
    const { outcome, linkLive } = facts;
    const executed = this.#executedOf(command);
    if (outcome === 'executed' && executed.length === 0)
      this.violation(`${name(command)} was said to be executed, and was not`);
    if ((outcome === 'not-executed' || outcome === 'refused' || outcome === 'not-sent') && executed.length > 0) {
      this.violation(`${name(command)} was said to be ${outcome}, and was executed`);
    }
    if (
      outcome === 'unknown' &&
      !facts.pending &&
      !this.#othersActed(attempt, command.again ? [attempt!] : this.#attemptsOf(command.pos))
    )
      this.violation(`${name(command)} stays unknown without a reason`);
    if (linkLive === 'no' && this.#isLive(command))
      this.violation(`${name(command)}: its payment link was said not to be live, and it is`);
  }

  /** True if the payment link of the command is live now. */
  #isLive(command: Command): boolean {
    const serialNumber = command.attempts.at(-1)?.serialNumber;
    const link = serialNumber === undefined ? undefined : this.#devices.get(serialNumber)?.link;
    if (!link?.live || link.live.until <= this.#clock.now()) return false;
    const { orderId } = link.live;
    if (command.orderId !== undefined) return command.orderId === orderId;
    // A CANCEL without an order id is about a payment link that was live at the call.
    return this.#executions.some(
      (each) => each.type === 'PAY' && each.orderId === orderId && each.at < command.calledAt,
    );
  }

  #executedOf(command: Command): Execution[] {
    if (command.type === 'PAY') return this.#executions.filter(({ orderId }) => orderId === command.orderId);
    return this.#executions.filter(
      (each) =>
        each.type === 'CANCEL' &&
        (command.attempts.some((own) => same(own, each)) || this.#isItsInAnotherBoot(command, each)),
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

  #attemptsOf(pos: number): readonly Attempt[] {
    return this.#commands.filter((each) => each.pos === pos).flatMap(({ attempts }) => attempts);
  }

  /**
   * Returns true if the device has restarted since the attempt, or executed a command since the last known one that is
   * not among `own`, or said what cannot be true.
   */
  #othersActed(attempt: Attempt | undefined, own: readonly Attempt[]): boolean {
    if (this.#liedTo) return true;
    if (attempt?.bootId !== this.#devices.get(attempt?.serialNumber ?? '')?.bootId) return true;
    const { last, bootId, serialNumber } = attempt!;
    const before = last && { ...last, bootId, serialNumber };
    const known = before ? this.#executions.findIndex((each) => same(each, before)) : -1;
    return this.#executions
      .slice(known + 1)
      .some((each) => isOf(each, attempt!) && !own.some((one) => same(one, each)));
  }
}

type Named = Pick<Attempt, 'serialNumber' | 'bootId' | 'session' | 'sequence'>;

function isOf(a: Pick<Named, 'serialNumber' | 'bootId'>, b: Pick<Named, 'serialNumber' | 'bootId'>): boolean {
  return a.bootId === b.bootId && a.serialNumber === b.serialNumber;
}

function same(a: Named, b: Named): boolean {
  return isOf(a, b) && a.session === b.session && a.sequence === b.sequence;
}

export function name(command: Command): string {
  return `POS ${command.pos}'s ${command.type}${command.orderId ? ` of ${command.orderId}` : ''} called at ${command.calledAt} ms`;
}
