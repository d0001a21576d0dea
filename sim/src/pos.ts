import { getEventListeners } from 'node:events';
import { type Attempt, Client, type CommandResult } from '@bluetap/sdk';
import { CountedClock } from '@bluetap/testing';
import { wrongAfterClose } from './closed-client.js';
import { type Command, inDoubt } from './host/command.js';
import { HostView } from './host/host-view.js';
import { ToldRules } from './host/told-rules.js';
import { name } from './judge.js';
import { isMistake } from './mistake.js';
import type { CallStep, PosParts, Run } from './pos-parts.js';
import { throughTheProgram } from './through-the-program.js';

/** The reason with which a POS program aborts a call. */
const GIVEN_UP = new Error('given up');
/** How long a program that was blocked may read before a time counts as over. */
const READING_MS = 200;
const AMOUNTS = [undefined, '1', '27.01', '0.50', '99999.99'] as const;

/** A POS program. It calls the SDK, stores the results, and stores the attempts. */
export class Pos {
  readonly commands: Command[] = [];
  readonly #parts: PosParts;
  /** Passed to many calls, as a program does that aborts everything when the shop closes. */
  #shopCloses = new AbortController();
  /** Every signal that a call got. None may keep a listener. */
  readonly #signals = new Set<AbortSignal>();
  #run: Run;
  #calls = 0;
  #lastOrder: string | undefined;
  /** The session in which the doubts were settled. */
  #settledIn: object | undefined;
  /** The attempts that the program has written down, by session and sequence. */
  readonly #stored = new Set<string>();

  constructor(parts: PosParts) {
    this.#parts = parts;
    this.#run = this.#start();
  }

  /** The client of the program now. */
  get client(): Client {
    return this.#run.client;
  }

  pay(step: Extract<CallStep, { do: 'pay' }>): void {
    const { number } = this.#parts;
    const orderId = `T${number}-${++this.#calls}`;
    this.#lastOrder = orderId;
    const command = this.#command('PAY', orderId, step.timeoutMs);
    const amount = AMOUNTS[this.#calls % AMOUNTS.length];
    const payment = { paymentMethod: 'TRUEMONEY', amount, orderId, expiryTime: step.expiry } as const;
    void this.#follow(command, (client) => client.pay(payment, this.#options(step, command)));
  }

  cancel(step: Extract<CallStep, { do: 'cancel' }>): void {
    const orderId = step.oneOrder ? this.#lastOrder : undefined;
    const command = this.#command('CANCEL', orderId, step.timeoutMs);
    const given = orderId === undefined ? {} : { orderId };
    void this.#follow(command, (client) => client.cancel(given, this.#options(step, command)));
  }

  status(step: Extract<CallStep, { do: 'status' }>): void {
    const { rules } = this.#run;
    this.#ask(
      'status',
      step,
      (client) => client.status(this.#options(step)),
      (status) => rules.status(status),
    );
  }

  /** Asks for the identity of the device. */
  info(step: Extract<CallStep, { do: 'info' }>): void {
    const { rules } = this.#run;
    this.#ask(
      'info',
      step,
      (client) => client.info(this.#options(step)),
      (device) => rules.device(device),
    );
  }

  /** Asks for the outcome of the latest stored attempt. */
  outcome(step: Extract<CallStep, { do: 'outcome' }>): void {
    const command = this.commands.findLast(({ attempts }) => attempts.length > 0);
    const attempt = command?.attempts.at(-1);
    if (!command || !attempt) return;
    const { judge } = this.#parts;
    this.#ask(
      'outcomeOf',
      step,
      (client) => client.outcomeOf(attempt, this.#options(step)),
      (facts) => judge.answered(command, attempt, facts),
    );
  }

  /** The program closes its client and makes another client. */
  reopen(): void {
    this.#parts.judge.hit('client closed');
    void this.close();
    this.#run = this.#start();
  }

  /** The program crashes. Its calls are lost and its stored attempts stay. The system closes its channels. */
  crash(): void {
    this.#parts.judge.hit('host crash');
    for (const command of this.commands) if (!command.result) command.crashed = true;
    void this.close();
    this.#run = this.#start();
  }

  /** The shop closes: every call that heeds the signal is given up. */
  abortAll(): void {
    this.#parts.judge.hit('abort of all calls');
    this.#shopCloses.abort(GIVEN_UP);
    this.#shopCloses = new AbortController();
  }

  /** Called when no fault is left. A PAY must succeed now, and after it every doubt must be resolved. */
  async finish(): Promise<void> {
    const orderId = `T${this.#parts.number}-last`;
    const command = this.#command('PAY', orderId, 20_000);
    const payment = { paymentMethod: 'SEVEN_11', orderId } as const;
    const step = { at: 0, do: 'pay', pos: 0, expiry: 900, timeoutMs: 20_000 } as const;
    await this.#follow(command, (client) => client.pay(payment, this.#options(step, command)));
    if (command.result?.code !== 'SUCCESS')
      this.#parts.judge.violation(`the last PAY, without faults, ended as ${command.result?.code}`);
  }

  /** Called after a long time without faults and calls: a client finds its device by itself. */
  alone(): void {
    const { client, view } = this.#run;
    if (!client.device && !view.rules.mayRest)
      this.#parts.judge.violation(`POS ${this.#parts.number} does not look for its device without a call`);
  }

  /** Called when no call is under way: no signal may keep a listener of a call that has ended. */
  idle(): void {
    for (const signal of this.#signals) {
      const left = getEventListeners(signal, 'abort').length;
      if (left > 0) this.#parts.judge.violation(`${left} listeners stay on the signal of calls that have ended`);
    }
  }

  async close(): Promise<void> {
    const { judge } = this.#parts;
    const run = this.#run;
    run.over = true;
    await run.client.close();
    for (const wrong of await wrongAfterClose(run.client)) judge.violation(wrong);
    if (run.clock.pending > 0) judge.violation(`a client leaves ${run.clock.pending} timers behind`);
    run.rules.statistics(run.client.statistics);
  }

  /** Called after each instant. */
  step(): void {
    const { over, rules, client, calls, view } = this.#run;
    if (over || this.#parts.plug.gate.blocked) return;
    view.rules.step();
    if (!view.touched) return;
    view.touched = false;
    const { device } = client;
    rules.step(device, calls === 0);
    if (device && view.session !== this.#settledIn) {
      this.#settledIn = view.session;
      this.#noDoubtIsLeft(device.serialNumber);
    }
  }

  /** The latest commands whose outcome is known, to be asked for again. */
  #known(most: number): Command[] {
    const known = this.commands.filter((command) => command.attempts.length > 0 && !inDoubt(command)).slice(-most);
    for (const command of known) {
      command.again = true;
      delete command.resolution;
      command.crashed = true;
    }
    return known;
  }

  /** A session with a device ends every doubt about it. */
  #noDoubtIsLeft(serialNumber: string): void {
    for (const command of this.commands) {
      const told = command.handedOver || command.result?.pending;
      if (told && inDoubt(command) && command.attempts.at(-1)?.serialNumber === serialNumber)
        this.#parts.judge.violation(`${name(command)} is still in doubt in a session with its device`);
    }
  }

  #start(): Run {
    const { plug, judge, clock, random: source, options, sentAs } = this.#parts;
    // The newest stored attempt of each command that is still in doubt.
    const doubts = this.commands.filter((command) => inDoubt(command));
    if (source.chance(0.3)) doubts.push(...this.#known(source.between(1, 3)));
    for (const command of doubts) command.handedOver = true;
    const attempts = doubts.map(({ attempts }) => attempts.at(-1)!);
    const random = source.fork();
    const counted = new CountedClock(plug.gate.clock());
    const violation = (what: string) => judge.violation(`POS ${this.#parts.number}: ${what}`);
    const view: HostView = new HostView({
      now: () => clock.now(),
      violation,
      hit: (what) => judge.hit(what),
      sentAs,
      over: () => run.over,
      idle: () => run.calls === 0,
      stored: ({ session, sequence }) => this.#stored.has(`${session}.${sequence}`),
      wentOnAt: () => plug.gate.wentOnAt,
      wanted: options.device,
      showsContradictions: this.#parts.showsContradictions,
    });
    const client = new Client({
      transport: plug.transport(view),
      clock: counted,
      random: () => random.uint32(),
      pendingAttempts: attempts,
      logger: judge.logger(`POS ${this.#parts.number}`),
      ...options,
    });
    view.watch(client);
    const run: Run = { client, clock: counted, view, rules: new ToldRules(view, violation), calls: 0, over: false };
    this.#listen(run);
    return run;
  }

  #listen(run: Run): void {
    const { judge, number } = this.#parts;
    const { client, rules } = run;
    const removed = client.on('link', () => judge.violation('a listener that was removed is called'));
    removed();
    const off = () => judge.violation('a listener that was taken off is called');
    client.on('connected', off);
    client.off('connected', off);
    let heardOnce = 0;
    client.once('connected', () => {
      if (++heardOnce > 1) judge.violation('a listener of the next event only is called twice');
    });
    const heard = (event: string, check: () => void) => {
      judge.told(() => `POS ${number} hears ${event}`);
      if (run.over) judge.violation(`POS ${number} hears ${event} of a closed client`);
      else check();
    };
    client.on('connected', (event) =>
      heard(`connected ${event.serialNumber} ${event.state}, taps ${event.taps}`, () => {
        judge.hit('connected');
        rules.connected(event);
      }),
    );
    client.on('disconnected', () =>
      heard('disconnected', () => {
        judge.hit('disconnected');
        rules.disconnected();
      }),
    );
    client.on('link', (event) =>
      heard(`link ${event.state}, taps ${event.taps}, order ${event.orderId}`, () => {
        judge.hit(`link event ${event.state}`);
        rules.linkEvent(event);
      }),
    );
    client.on('resolved', (resolution) =>
      heard('resolved', () => {
        const command = judge.resolved(this.commands, resolution);
        if (command) rules.resolved(command, resolution);
      }),
    );
  }

  #command(type: Command['type'], orderId: string | undefined, timeoutMs: number): Command {
    const { number, clock, judge } = this.#parts;
    const command: Command = { pos: number, type, orderId, calledAt: clock.now(), timeoutMs, attempts: [] };
    this.commands.push(command);
    judge.called(command);
    return command;
  }

  #options(step: CallStep, command?: Command) {
    const { judge, clock, plug } = this.#parts;
    let signal: AbortSignal | undefined = step.timeoutMs > 1000 ? this.#shopCloses.signal : undefined;
    if ('abortAfter' in step && step.abortAfter !== undefined) {
      const controller = new AbortController();
      signal = controller.signal;
      judge.hit('abort');
      const abort = () => controller.abort(GIVEN_UP);
      if (step.abortAfter === 0) {
        abort();
        if (command) command.aborted = true;
      } else clock.setTimeout(() => plug.gate.input(abort), step.abortAfter);
    }
    if (signal) this.#signals.add(signal);
    return {
      signal,
      timeoutMs: step.timeoutMs,
      ...(command && { onAttempt: (attempt: Attempt) => this.#store(command, attempt) }),
    };
  }

  /** Writes an attempt down, which can take time, and can fail. */
  #store(command: Command, attempt: Attempt): Promise<void> | undefined {
    const { clock, plug, judge, random } = this.#parts;
    this.#run.rules.attempt(command, attempt);
    const write = () => {
      command.attempts.push(attempt);
      this.#stored.add(`${attempt.session}.${attempt.sequence}`);
    };
    if (random.oneIn(40) && !command.orderId?.endsWith('last')) {
      judge.hit('attempt not stored');
      return Promise.reject(new Error('the disk is full'));
    }
    if (!random.oneIn(8)) return void write();
    judge.hit('attempt stored late');
    return new Promise((resolve) => {
      const stored = () => {
        // A program that has crashed writes nothing.
        if (!command.crashed) write();
        resolve();
      };
      clock.setTimeout(() => plug.gate.input(stored), random.pick([1, 30, 700]));
    });
  }

  #follow(command: Command, call: (client: Client) => Promise<CommandResult>): Promise<void> {
    const { judge } = this.#parts;
    const run = this.#run;
    judge.callStarted();
    run.calls++;
    return throughTheProgram(call(run.client))
      .then(
        (result) => {
          if (command.crashed) return;
          if (command.aborted && (result.outcome !== 'not-sent' || command.attempts.length > 0))
            judge.violation(`${name(command)} goes on, though its signal was aborted before`);
          this.#bound(name(command), command.calledAt, command.timeoutMs);
          judge.settled(command, result);
          if (!run.over) run.rules.settled(command, result);
          run.view.gaveUp(result.attempt);
          this.#failed(command.type, result.error);
        },
        (error) => judge.violation(`${command.type} rejected: ${error}`),
      )
      .finally(() => {
        run.view.touched = true;
        run.calls--;
        judge.callEnded();
      });
  }

  /** Follows a call that is no command. */
  #ask<T>(what: string, step: CallStep, call: (client: Client) => Promise<T>, check: (answer: T) => void): void {
    const { judge, clock, number } = this.#parts;
    const run = this.#run;
    const calledAt = clock.now();
    let settled = 0;
    const settle = (how: string) => {
      if (run.over) return;
      if (++settled > 1) judge.violation(`a ${what} settled twice`);
      judge.hit(`${what} ${how}`);
      judge.told(() => `POS ${number} ${what} ${how}`);
      this.#bound(what, calledAt, step.timeoutMs);
    };
    judge.callStarted();
    run.calls++;
    call(run.client)
      .then(
        (answer) => {
          settle('answered');
          if ('abortAfter' in step && step.abortAfter === 0) judge.violation(`an aborted ${what} is answered`);
          if (!run.over) check(answer);
        },
        (error) => {
          settle('failed');
          run.view.gaveUp();
          this.#failed(what, error);
        },
      )
      .finally(() => {
        run.view.touched = true;
        run.calls--;
        judge.callEnded();
      });
  }

  /** No call fails by a mistake in the SDK, or by its time while something waits to be read. */
  #failed(what: string, error: unknown): void {
    const { judge, plug } = this.#parts;
    if (isMistake(error)) judge.violation(`${what} fails by a mistake: ${error}`);
    const byTime = /was up after|within \d+ ms/.test((error as Error | undefined)?.message ?? '');
    if (byTime && plug.gate.waits) judge.violation(`${what} ends by its time, though bytes wait`);
  }

  /** A call settles within its time. A program that was blocked past that time may read first. */
  #bound(what: string, calledAt: number, timeoutMs: number): void {
    const { clock, judge, plug } = this.#parts;
    const took = clock.now() - calledAt;
    const end = plug.gate.wentOnAt;
    const blocked = calledAt <= end && clock.now() <= end + READING_MS;
    if (took > timeoutMs && !blocked) judge.violation(`${what} took ${took} ms with a bound of ${timeoutMs} ms`);
  }
}
