import { type Attempt, Client, type CommandResult } from '@bluetap/sdk';
import type { Random } from '@bluetap/testing';
import { CountedClock } from '@bluetap/testing';
import { type Command, inDoubt } from './command.js';
import type { Judge } from './judge.js';
import type { Plug } from './plug.js';
import type { Step } from './script.js';
import type { SimClock } from './sim-clock.js';

/** The reason with which a POS program aborts a call. */
const GIVEN_UP = new Error('given up');

type CallStep = Step & { readonly do: 'pay' | 'cancel' | 'status' };

/** A POS program. It calls the SDK, stores the results, and stores the attempts. */
export class Pos {
  readonly number: number;
  readonly commands: Command[] = [];
  readonly #clock: SimClock;
  readonly #plug: Plug;
  readonly #random: Random;
  readonly #judge: Judge;
  #client: Client;
  #clientClock: CountedClock;
  #calls = 0;
  #lastOrder: string | undefined;

  constructor(number: number, clock: SimClock, plug: Plug, random: Random, judge: Judge) {
    this.number = number;
    this.#clock = clock;
    this.#plug = plug;
    this.#random = random;
    this.#judge = judge;
    this.#clientClock = new CountedClock(clock);
    this.#client = this.#start();
  }

  pay(step: Extract<CallStep, { do: 'pay' }>): void {
    const orderId = `T${this.number}-${++this.#calls}`;
    this.#lastOrder = orderId;
    const command = this.#command('PAY', orderId, step.timeoutMs);
    const payment = { paymentMethod: 'TRUEMONEY', orderId, expiryTime: step.expiry } as const;
    void this.#follow(command, this.#client.pay(payment, this.#options(step, command)));
  }

  cancel(step: Extract<CallStep, { do: 'cancel' }>): void {
    const orderId = step.oneOrder ? this.#lastOrder : undefined;
    const command = this.#command('CANCEL', orderId, step.timeoutMs);
    void this.#follow(
      command,
      this.#client.cancel(orderId === undefined ? {} : { orderId }, this.#options(step, command)),
    );
  }

  status(step: Extract<CallStep, { do: 'status' }>): void {
    const calledAt = this.#clock.now();
    const client = this.#client;
    let settled = 0;
    const settle = (how: string) => {
      if (client !== this.#client) return;
      if (++settled > 1) this.#judge.violation('a status settled twice');
      this.#judge.hit(`status ${how}`);
      this.#judge.told(() => `POS ${this.number} status ${how}`);
      this.#judge.bound('status', calledAt, step.timeoutMs);
    };
    this.#judge.callStarted();
    client
      .status(this.#options(step))
      .then(
        () => settle('answered'),
        () => settle('failed'),
      )
      .finally(() => this.#judge.callEnded());
  }

  /** The program closes its client and makes another client. */
  reopen(): void {
    this.#judge.hit('client closed');
    void this.close();
    this.#client = this.#start();
  }

  /** The program crashes. Its calls are lost and its stored attempts stay. The system closes its channels. */
  crash(): void {
    this.#judge.hit('host crash');
    for (const command of this.commands) if (!command.result) command.crashed = true;
    void this.close();
    this.#client = this.#start();
  }

  /** Called when no fault is left. A PAY must succeed now, and after it every doubt must be resolved. */
  async finish(): Promise<void> {
    const command = this.#command('PAY', `T${this.number}-last`, 20_000);
    const payment = { paymentMethod: 'SEVEN_11', orderId: `T${this.number}-last` } as const;
    await this.#follow(
      command,
      this.#client.pay(payment, this.#options({ at: 0, do: 'pay', pos: 0, expiry: 900, timeoutMs: 20_000 }, command)),
    );
    if (command.result?.code !== 'SUCCESS')
      this.#judge.violation(`the last PAY, without faults, ended as ${command.result?.code}`);
  }

  async close(): Promise<void> {
    const clock = this.#clientClock;
    await this.#client.close();
    if (clock.pending > 0) this.#judge.violation(`a client leaves ${clock.pending} timers behind`);
  }

  #start(): Client {
    // The newest stored attempt of each command that is still in doubt.
    const attempts = this.commands
      .filter((command) => inDoubt(command))
      .map(({ attempts }) => attempts.at(-1))
      .filter((attempt) => attempt !== undefined);
    const random = this.#random.fork();
    const clock = new CountedClock(this.#clock);
    this.#clientClock = clock;
    const client = new Client({
      transport: this.#plug,
      clock,
      random: () => random.uint32(),
      pendingAttempts: attempts,
    });
    client.on('resolved', (resolution) => client === this.#client && this.#judge.resolved(this.commands, resolution));
    client.on('link', ({ state }) => this.#judge.hit(`link event ${state}`));
    client.on('disconnected', () => this.#judge.hit('disconnected'));
    return client;
  }

  #command(type: Command['type'], orderId: string | undefined, timeoutMs: number): Command {
    const command: Command = { pos: this.number, type, orderId, calledAt: this.#clock.now(), timeoutMs, attempts: [] };
    this.commands.push(command);
    this.#judge.called(command);
    return command;
  }

  #options(step: CallStep, command?: Command) {
    let signal: AbortSignal | undefined;
    if (step.abortAfter !== undefined) {
      const controller = new AbortController();
      signal = controller.signal;
      this.#judge.hit('abort');
      if (step.abortAfter === 0) controller.abort(GIVEN_UP);
      else this.#clock.setTimeout(() => controller.abort(GIVEN_UP), step.abortAfter);
    }
    return {
      signal,
      timeoutMs: step.timeoutMs,
      ...(command && { onAttempt: (attempt: Attempt) => void command.attempts.push(attempt) }),
    };
  }

  #follow(command: Command, promise: Promise<CommandResult>): Promise<void> {
    this.#judge.callStarted();
    return promise
      .then(
        (result) => this.#judge.settled(command, result),
        (error) => this.#judge.violation(`${command.type} rejected: ${error}`),
      )
      .finally(() => this.#judge.callEnded());
  }
}
