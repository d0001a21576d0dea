import {
  type Behaviour,
  delayReplies,
  duplicateReplies,
  Emulator,
  type EmulatorEvent,
  refuse,
  silent,
  wrongType,
} from '@bluetap/emulator';
import { type Frame, FrameDecoder, MessageType } from '@bluetap/protocol';
import { encodeFrame } from '@bluetap/protocol/tools';
import { CountedClock, Random } from '@bluetap/testing';
import type { ActiveFault } from './cable.js';
import { Judge } from './judge.js';
import { DeviceLine, Plug } from './plug.js';
import { Pos } from './pos.js';
import type { DeviceFault, Script, Step } from './script.js';
import { SimClock } from './sim-clock.js';
import type { Verdict } from './verdict.js';

/** The time without faults at the end of a run. In it, every expiry, retry and hanging call can end. */
const PEACE_MS = 30_000;

/** Runs a script to its end and judges it. */
export async function run(script: Script, { trace = false } = {}): Promise<Verdict> {
  return new World(script, trace).run();
}

class World {
  readonly #script: Script;
  readonly #clock = new SimClock();
  readonly #deviceClock = new CountedClock(this.#clock);
  readonly #random: Random;
  readonly #judge: Judge;
  readonly #emulator: Emulator;
  readonly #plugs: readonly Plug[];
  readonly #lines: ReadonlySet<DeviceLine>;
  readonly #posPrograms: readonly Pos[];

  constructor(script: Script, trace: boolean) {
    this.#script = script;
    // This is not the source of the script. So a script that was shrunk still meets the same noise.
    this.#random = new Random(script.seed ^ 0x5bd1e995);
    const judge = new Judge(this.#clock, trace);
    this.#judge = judge;
    const random = this.#random.fork();
    this.#emulator = new Emulator({
      // The template is short, because every event that the judge receives contains the filled-in template.
      linkTemplate: 'sim:{orderId}',
      clock: this.#deviceClock,
      random: () => random.uint32(),
      onEvent: (event: EmulatorEvent) => judge.device(event),
    });
    judge.watch(this.#emulator);
    const first = new DeviceLine(this.#emulator);
    const lines = [first, script.sharedConnection ? first : new DeviceLine(this.#emulator)];
    this.#lines = new Set(lines);
    this.#plugs = lines.map(
      (line) =>
        new Plug(this.#clock, this.#random.fork(), this.#emulator, line, script.latency, (kind) =>
          judge.hit(`cable ${kind}`),
        ),
    );
    this.#posPrograms = (script.secondPos ? [0, 1] : [0]).map(
      (pos) => new Pos(pos, this.#clock, this.#plugs[pos]!, this.#random.fork(), judge),
    );
  }

  async run(): Promise<Verdict> {
    const { steps } = this.#script;
    for (const step of steps) this.#clock.setTimeout(() => this.#do(step), step.at);
    await this.#clock.runUntil((steps.at(-1)?.at ?? 0) + PEACE_MS, () => this.#judge.step());
    for (const plug of this.#plugs) plug.heal();
    // Timers have plugged everything in again, so every POS program in doubt finds a device.
    let ended = false;
    const ending = this.#end().then(() => {
      ended = true;
    });
    await this.#clock.runUntil(this.#clock.now() + PEACE_MS, () => this.#judge.step());
    if (ended) await ending;
    else this.#judge.violation('the end never came: a call, or a close, hangs');
    this.#judge.end(this.#posPrograms.flatMap(({ commands }) => commands));
    return this.#judge.verdict();
  }

  async #end(): Promise<void> {
    for (const pos of this.#posPrograms) await pos.finish();
    await Promise.all(this.#posPrograms.map((pos) => pos.close()));
    this.#judge.closed(this.#plugs);
    await this.#emulator.close();
    if (this.#deviceClock.pending > 0) this.#judge.violation('the device leaves timers behind');
  }

  #do(step: Step): void {
    this.#judge.told(() => `step ${JSON.stringify(step)}`);
    const pos = 'pos' in step ? this.#posPrograms[step.pos] : undefined;
    switch (step.do) {
      case 'pay':
        pos?.pay(step);
        break;
      case 'cancel':
        pos?.cancel(step);
        break;
      case 'status':
        pos?.status(step);
        break;
      case 'reopen':
        pos?.reopen();
        break;
      case 'crash':
        pos?.crash();
        break;
      case 'tap':
        if (this.#emulator.tap()) this.#judge.hit('tap');
        break;
      case 'power-cycle':
        this.#judge.hit(this.#script.openLine ? 'restart on an open line' : 'power cycle');
        if (this.#script.openLine) for (const line of this.#lines) line.restart();
        this.#emulator.powerCycle();
        if (this.#script.openLine) for (const line of this.#lines) line.restarted();
        break;
      case 'nfc-fault':
        this.#judge.hit('nfc fault');
        this.#emulator.nfcFault = true;
        this.#later(step.for, () => {
          this.#emulator.nfcFault = false;
        });
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
      case 'cable': {
        const fault: ActiveFault = { fault: step.fault, until: this.#clock.now() + step.for, chance: step.chance };
        this.#plugs[step.pos]!.faults[step.direction].push(fault);
        break;
      }
      case 'device': {
        const remove = this.#emulator.use(this.#behaviour(step.fault));
        this.#later(step.for, remove);
        break;
      }
      case 'list':
      case 'open':
        this.#judge.hit(`${step.do} ${step.how}`);
        this.#plugs[step.pos]!.broken[step.do] = { until: this.#clock.now() + step.for, how: step.how };
    }
  }

  #later(ms: number, action: () => void): void {
    this.#clock.setTimeout(action, ms);
  }

  #unplug(power: 'kept' | 'lost', ms: number): void {
    this.#emulator.unplug({ power });
    this.#tellWatchers();
    this.#later(ms, () => {
      this.#emulator.plug();
      this.#tellWatchers();
    });
  }

  /** Tells some watchers that the devices have changed. A system does not report every change. */
  #tellWatchers(): void {
    for (const plug of this.#plugs) {
      if (this.#random.chance(0.7)) for (const onChange of [...plug.watchers]) onChange();
    }
  }

  #behaviour(fault: DeviceFault): Behaviour {
    const hit = (behaviour: Behaviour): Behaviour => ({
      name: fault,
      ...(behaviour.onFrame && {
        onFrame: (frame, next, context) => {
          this.#judge.hit(`device ${fault}`);
          behaviour.onFrame?.(frame, next, context);
        },
      }),
      ...(behaviour.onSend && {
        onSend: (bytes, next, context) => {
          this.#judge.hit(`device ${fault}`);
          behaviour.onSend?.(bytes, next, context);
        },
      }),
    });
    switch (fault) {
      case 'late':
        return hit(delayReplies(this.#random.pick([400, 900, 1500, 2500])));
      case 'twice':
        return hit(duplicateReplies());
      case 'wrong-session':
        return hit(misnumbered(({ session }) => ({ session: session ^ 0x4000 })));
      case 'wrong-sequence':
        return hit(misnumbered(({ sequence }) => ({ sequence: sequence ^ 0x80 })));
      case 'wrong-type':
        return hit(wrongType());
      case 'mute':
        return hit(silent());
      case 'no-such-session':
        return hit(refuse(4));
    }
  }
}

/**
 * Sends replies with numbers that are far from the correct number. The next number could belong to another POS program,
 * and then no host could distinguish the two replies. The reply to HELLO is not changed: it contains the session number,
 * so a wrong number there would simply be the number of the session.
 */
function misnumbered(change: (frame: Frame) => { session?: number; sequence?: number }): Behaviour {
  return {
    name: 'misnumbered',
    onSend: (bytes, next, { request }) => {
      if (!request || request.type === MessageType.HELLO) return next(bytes);
      new FrameDecoder({
        onFrame: (frame) => {
          const { type, session, sequence } = frame;
          next(encodeFrame({ type, session, sequence, payload: frame.payload, ...change(frame) }));
        },
      }).push(bytes);
    },
  };
}
