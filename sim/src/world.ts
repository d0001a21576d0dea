import { Emulator } from '@bluetap/emulator';
import { CountedClock, Random } from '@bluetap/testing';
import { Ambushes } from './ambushes.js';
import type { ActiveFault } from './cable.js';
import { deviceFault } from './device-faults.js';
import { DeviceLine, type SimDevice } from './device-line.js';
import { Gate } from './gate.js';
import { Judge } from './judge.js';
import { leftBehind } from './leaks/left-behind.js';
import { Plug } from './plug.js';
import { Pos } from './pos.js';
import { type Ambush, type Direction, type Script, type Step, showsContradictions } from './script.js';
import { FIRST, SECOND } from './serial-numbers.js';
import { SimClock } from './sim-clock.js';
import { DeviceTruth, type SentMessage } from './truth/device-truth.js';
import { Witness } from './truth/witness.js';
import type { Verdict } from './verdict.js';

/**
 * The time without faults at the end of a run. In it, every expiry, retry and hanging call can end, also the 30 seconds
 * in which a client does not look at a place where another device was.
 */
const PEACE_MS = 45_000;

/** The longest time of an unplug, and some seconds to find the device again. */
const SEARCH_MS = 12_000;

/** Runs a script to its end and judges it. */
export async function run(script: Script, { trace = false, leaks = false } = {}): Promise<Verdict> {
  return new World(script, trace, leaks).run();
}

class World {
  readonly #script: Script;
  readonly #clock = new SimClock();
  readonly #deviceClock = new CountedClock(this.#clock);
  readonly #random: Random;
  readonly #judge: Judge;
  readonly #first: SimDevice;
  /** Another device, made when it is needed. */
  #second: SimDevice | undefined;
  readonly #lines: readonly DeviceLine[];
  readonly #plugs: readonly Plug[];
  readonly #posPrograms: readonly Pos[];
  /** What waits for the frames of the first POS program. */
  readonly #ambushes = new Ambushes();
  readonly #leaks: boolean;
  #unpluggedAt = Number.NEGATIVE_INFINITY;

  constructor(script: Script, trace: boolean, leaks: boolean) {
    this.#script = script;
    this.#leaks = leaks;
    // This is not the source of the script. So a script that was shrunk still meets the same noise.
    this.#random = new Random(script.seed ^ 0x5bd1e995);
    this.#judge = new Judge(this.#clock, trace);
    this.#first = this.#device(FIRST);
    const { sessionNumber } = script;
    if (sessionNumber !== undefined) this.#startLater(this.#first, sessionNumber);
    const first = new DeviceLine('line 0', this.#first);
    const second = script.sharedConnection ? first : new DeviceLine('line 1', this.#first);
    this.#lines = script.sharedConnection ? [first] : [first, second];
    const firstPlug = this.#plug(first);
    const secondPlug = script.oneProgram ? this.#plug(second, firstPlug.gate) : this.#plug(second);
    this.#plugs = [firstPlug, secondPlug];
    this.#posPrograms = (script.secondPos ? [0, 1] : [0]).map((number) => this.#pos(number));
  }

  async run(): Promise<Verdict> {
    const { steps } = this.#script;
    for (const step of steps) this.#clock.setTimeout(() => this.#do(step), step.at);
    const each = () => this.#step();
    await this.#clock.runUntil((steps.at(-1)?.at ?? 0) + PEACE_MS, each);
    // A cut that was planned can come at any byte of a keepalive.
    if (this.#clock.now() - this.#unpluggedAt > SEARCH_MS) for (const pos of this.#posPrograms) pos.alone();
    for (const plug of this.#plugs) plug.heal();
    // Timers have plugged everything in again, so every POS program in doubt finds a device.
    let ended = false;
    const ending = this.#end().then(() => {
      ended = true;
    });
    await this.#clock.runUntil(this.#clock.now() + PEACE_MS, each);
    if (ended) await ending;
    else this.#judge.violation('the end never came: a call, or a close, hangs');
    const commands = this.#posPrograms.flatMap((pos) => pos.commands);
    this.#judge.end(commands, FIRST);
    return this.#judge.verdict();
  }

  #step(): void {
    this.#judge.step(this.#isCongested);
    for (const pos of this.#posPrograms) pos.step();
  }

  #device(serialNumber: string): SimDevice {
    const random = new Random(this.#script.seed ^ (serialNumber === FIRST ? 0x2545f491 : 0x1b873593));
    const truth = new DeviceTruth(serialNumber, this.#judge);
    const emulator = new Emulator({
      serialNumber,
      linkTemplate: 'sim:{orderId}',
      clock: this.#deviceClock,
      random: () => random.uint32(),
      onError: (error, where) => this.#judge.violation(`${where} of ${serialNumber}: ${error}`),
    });
    const witness = new Witness(emulator, truth, {
      now: () => this.#clock.now(),
      congested: this.#isCongested,
      violation: (what) => this.#judge.violation(what),
      told: (line) => this.#judge.told(line),
    });
    this.#judge.watch(truth);
    return { emulator, truth, witness };
  }

  /** Lets a device begin in the middle of a start. */
  #startLater({ emulator, truth }: SimDevice, sessionNumber: number): void {
    const bootId = this.#random.uint32();
    this.#judge.hit('session numbers end');
    emulator.importState({ ...emulator.exportState(), bootId, sessionNumber });
    truth.restored(bootId, sessionNumber);
  }

  #plug(line: DeviceLine, gate = new Gate(this.#clock)): Plug {
    const { latency, samePlace = false, listsSerial = false } = this.#script;
    const plug: Plug = new Plug({
      clock: this.#clock,
      random: this.#random.fork(),
      line,
      gate,
      latency,
      samePlace,
      listsSerial,
      onFault: (kind) => this.#judge.hit(`cable ${kind}`),
      onBytes: (direction) => this.#passes(plug, direction),
    });
    return plug;
  }

  #pos(number: number): Pos {
    const { options = [] } = this.#script;
    const plug = this.#plugs[number]!;
    return new Pos({
      number,
      clock: this.#clock,
      plug,
      random: this.#random.fork(),
      judge: this.#judge,
      options: options[number] ?? {},
      showsContradictions: showsContradictions(this.#script),
      sentAs: (crc) => this.#sentAs(plug.line.device, crc),
    });
  }

  #sentAs(now: SimDevice, crc: number): SentMessage | undefined {
    const other = now === this.#first ? this.#second : this.#first;
    return now.truth.sentAs(crc) ?? other?.truth.sentAs(crc);
  }

  readonly #isCongested = (connection: unknown): boolean =>
    this.#lines.some((line) => line.congested && line.connectionName === connection);

  async #end(): Promise<void> {
    for (const pos of this.#posPrograms) await pos.finish();
    for (const pos of this.#posPrograms) pos.idle();
    if (this.#leaks) {
      for (const kept of [...this.#posPrograms.map(({ client }) => client), this.#first.emulator])
        for (const leak of leftBehind(kept)) this.#judge.violation(`what is idle keeps ${leak}`);
    }
    await Promise.all(this.#posPrograms.map((pos) => pos.close()));
    this.#judge.closed(this.#plugs);
    for (const { emulator } of this.#devices) {
      if (emulator.connections.length > 0) this.#judge.violation('a device keeps connections that have ended');
    }
    await Promise.all(this.#devices.map(({ emulator }) => emulator.close()));
    if (this.#deviceClock.pending > 0) this.#judge.violation('a device leaves timers behind');
  }

  #do(step: Step): void {
    const pos = 'pos' in step ? this.#posPrograms[step.pos] : undefined;
    if (!('pos' in step)) {
      this.#happens(step);
      return;
    }
    const plug = this.#plugs[step.pos]!;
    if (step.do === 'cable') {
      const fault: ActiveFault = { fault: step.fault, until: this.#clock.now() + step.for, chance: step.chance };
      plug.faults[step.direction].push(fault);
    } else if (step.do === 'list' || step.do === 'open' || step.do === 'write') {
      this.#judge.hit(`${step.do} ${step.how}`);
      plug.broken[step.do] = { until: this.#clock.now() + step.for, how: step.how };
    } else if (step.do === 'block') {
      this.#judge.hit('blocked program');
      plug.gate.block(step.for);
      // A program that stands still cannot do anything.
    } else if (pos) plug.gate.input(() => this.#program(pos, step));
  }

  /** A step of a POS program. */
  #program(pos: Pos, step: Extract<Step, { pos: unknown }>): void {
    this.#judge.told(() => `step ${JSON.stringify(step)}`);
    switch (step.do) {
      case 'pay':
        pos.pay(step);
        return;
      case 'cancel':
        pos.cancel(step);
        return;
      case 'status':
        pos.status(step);
        return;
      case 'outcome':
        pos.outcome(step);
        return;
      case 'info':
        pos.info(step);
        return;
      case 'reopen':
        pos.reopen();
        return;
      case 'abort-all':
        pos.abortAll();
        return;
      case 'crash':
        this.#crash(pos);
    }
  }

  /** Clients of one program crash together. */
  #crash(pos: Pos): void {
    for (const each of this.#script.oneProgram ? this.#posPrograms : [pos]) each.crash();
  }

  /** Something happens to the device or its cable. */
  #happens(step: Exclude<Step, { pos: unknown }>): void {
    this.#judge.told(() => `step ${JSON.stringify(step)}`);
    switch (step.do) {
      case 'tap':
        for (let count = step.times ?? 1; count > 0; count--) this.#tap();
        break;
      case 'power-cycle':
        this.#powerCycle();
        break;
      case 'nfc-fault':
        this.#judge.hit(`nfc fault ${step.fault}`);
        this.#fault(step.fault === 'now' ? true : step.fault);
        this.#later(step.for, () => this.#fault(false));
        break;
      case 'unplug':
        this.#judge.hit(`unplug, power ${step.power}`);
        this.#unplug(step.power, step.for);
        break;
      case 'cut':
        for (const plug of this.#plugs) {
          plug.cutAfter(step.direction, step.afterBytes, () => {
            this.#judge.hit(`unplug within a frame ${step.direction}`);
            this.#unplug('kept', step.for);
          });
        }
        break;
      case 'device': {
        const hit = () => this.#judge.faultActs(step.fault);
        const remove = this.#first.witness.use(deviceFault(step.fault, this.#random, hit));
        this.#later(step.for, remove);
        break;
      }
      case 'congested':
        this.#judge.hit('congested line');
        this.#congest(true);
        this.#later(step.for, () => this.#congest(false));
        break;
      case 'swap':
        this.#swap(step.how, step.for);
        break;
      case 'ambush':
        this.#ambushes.add(step, this.#clock.now());
    }
  }

  get #devices(): readonly SimDevice[] {
    return this.#second ? [this.#first, this.#second] : [this.#first];
  }

  #congest(congested: boolean): void {
    // What happened before this moment has met the line as it was, also a payment link whose time is over just now.
    for (const { emulator, truth } of this.#devices) {
      void emulator.snapshot;
      truth.look(this.#clock.now(), this.#isCongested);
    }
    this.#judge.step(this.#isCongested);
    for (const line of this.#lines) line.congested = congested;
  }

  #later(ms: number, action: () => void): void {
    this.#clock.setTimeout(action, ms);
  }

  #tap(): void {
    const { emulator, truth } = this.#first;
    truth.tapped(this.#clock.now(), this.#isCongested);
    const live = truth.link.live;
    const read = emulator.tap();
    if (read?.orderId !== live?.orderId || (read?.taps ?? truth.link.taps) !== truth.link.taps)
      this.#judge.violation(`a phone reads the payment link of ${read?.orderId} with ${read?.taps} taps`);
    if (read) this.#judge.hit('tap');
  }

  #fault(fault: DeviceTruth['link']['fault']): void {
    const { emulator, truth } = this.#first;
    truth.faulted(fault, this.#clock.now(), this.#isCongested);
    emulator.nfcFault = fault;
  }

  #powerCycle(): void {
    const { openLine } = this.#script;
    this.#judge.hit(openLine ? 'restart on an open line' : 'power cycle');
    const lines = this.#lines.filter(({ device }) => device === this.#first);
    if (openLine) for (const line of lines) line.restart();
    this.#first.emulator.powerCycle();
    this.#first.truth.started();
    if (openLine) for (const line of lines) line.restarted();
  }

  #unplug(power: 'kept' | 'lost', ms: number): void {
    this.#unpluggedAt = this.#clock.now();
    this.#first.emulator.unplug({ power });
    if (power === 'lost') this.#first.truth.started();
    this.#tellWatchers();
    this.#later(ms, () => {
      this.#first.emulator.plug();
      for (const line of this.#lines) if (line.device === this.#first) line.plugged();
      this.#tellWatchers();
    });
  }

  /** The second device takes the place of the first one for some time. */
  #swap(how: 'replugged' | 'silent', ms: number): void {
    this.#judge.hit(`another device, ${how}`);
    this.#second ??= this.#device(SECOND);
    this.#replace(this.#second, how);
    this.#later(ms, () => this.#replace(this.#first, how));
  }

  #replace(device: SimDevice, how: 'replugged' | 'silent'): void {
    for (const line of this.#lines) {
      const before = line.device.emulator;
      if (how === 'replugged' && before.plugged) {
        before.unplug();
        line.swap(device);
        before.plug();
      } else line.swap(device);
    }
    if (how === 'replugged') this.#tellWatchers();
  }

  /** Tells some watchers that the devices have changed. A system does not report every change. */
  #tellWatchers(): void {
    for (const plug of this.#plugs) if (this.#random.chance(0.7)) plug.tellWatchers();
  }

  /** A frame of a POS program has passed. */
  #passes(plug: Plug, direction: Direction): void {
    if (plug !== this.#plugs[0]) return;
    for (const what of this.#ambushes.passes(direction, this.#clock.now())) {
      this.#judge.hit(`ambush: ${what}`);
      this.#later(0, () => this.#ambush(plug, what));
    }
  }

  #ambush(plug: Plug, what: Ambush): void {
    this.#judge.told(() => `ambush ${what}`);
    const pos = this.#posPrograms[0]!;
    switch (what) {
      case 'crash':
        plug.gate.input(() => this.#crash(pos));
        return;
      case 'reopen':
        plug.gate.input(() => pos.reopen());
        return;
      case 'abort-all':
        plug.gate.input(() => pos.abortAll());
        return;
      case 'power-cycle':
        this.#powerCycle();
        return;
      case 'unplug':
        this.#unplug('kept', 300);
        return;
      case 'tap':
        this.#tap();
        return;
      case 'swap':
        this.#swap('silent', 2000);
        return;
      case 'block':
        this.#judge.hit('blocked program');
        plug.gate.block(2500);
        // What happens now is read in one chunk with the answer that is on its way.
        this.#later(100, () => this.#tap());
    }
  }
}
