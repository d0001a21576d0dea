import type { Random } from '@bluetap/testing';
import type { CableFault } from './script.js';
import type { SimClock } from './sim-clock.js';

interface ActiveFault {
  readonly fault: CableFault;
  readonly until: number;
  readonly chance: number;
}

/** One direction of a cable. Bytes arrive in order, after the latency. Faults can change or remove them. */
export class Cable {
  readonly #clock: SimClock;
  readonly #random: Random;
  readonly #latency: number;
  readonly #arrive: (bytes: Uint8Array) => void;
  readonly #onFault: (kind: CableFault['kind']) => void;
  #faults: ActiveFault[] = [];
  /** The time before which no byte may arrive, so that the order is kept. */
  #lastArrival = 0;
  #held: Uint8Array | undefined;
  #cut = false;
  /** The number of bytes that still pass before the cut; undefined if no cut is planned. */
  #cutAfter: number | undefined;
  #onCut: (() => void) | undefined;

  constructor(
    clock: SimClock,
    random: Random,
    latency: number,
    arrive: (bytes: Uint8Array) => void,
    onFault: (kind: CableFault['kind']) => void,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#latency = latency;
    this.#arrive = arrive;
    this.#onFault = onFault;
  }

  /** Loses the bytes that are on their way. No more bytes pass. */
  cut(): void {
    this.#cut = true;
  }

  /** Plans a cut. `undefined` removes the plan. */
  cutAfter(bytes: number | undefined, onCut: () => void): void {
    this.#cutAfter = bytes;
    this.#onCut = onCut;
  }

  send(bytes: Uint8Array, faults: readonly ActiveFault[]): void {
    this.#faults = faults.filter(({ until }) => until > this.#clock.now());
    let out = bytes;
    if (this.#cutAfter !== undefined) {
      const passing = out.subarray(0, this.#cutAfter);
      this.#cutAfter -= passing.length;
      if (passing.length < out.length || this.#cutAfter === 0) {
        this.#pass(this.#behindHeld(passing));
        this.#cutAfter = undefined;
        this.#clock.setTimeout(() => this.#onCut?.(), this.#latency);
        return;
      }
    }
    let delay = 0;
    for (const { fault, chance } of this.#faults) {
      if (!this.#random.chance(chance)) continue;
      this.#onFault(fault.kind);
      switch (fault.kind) {
        case 'dead':
          return;
        case 'lose': {
          const from = this.#random.between(0, out.length - 1);
          const count = this.#random.chance(0.5) ? out.length : this.#random.between(1, 8);
          out = concat(out.subarray(0, from), out.subarray(from + count));
          if (out.length === 0) return;
          break;
        }
        case 'flip':
          out = out.slice();
          out[this.#random.between(0, out.length - 1)]! ^= 1 << this.#random.between(0, 7);
          break;
        case 'noise': {
          const noise = new Uint8Array(this.#random.between(1, 200)).map(() => this.#random.uint32());
          out = this.#random.chance(0.5) ? concat(noise, out) : concat(out, noise);
          break;
        }
        case 'split': {
          out = this.#behindHeld(out);
          const at = this.#random.between(0, out.length);
          this.#pass(out.subarray(0, at));
          out = out.subarray(at);
          delay += this.#random.pick([0, 3, 900, 1100]);
          break;
        }
        case 'join':
          if (!this.#held) {
            this.#held = out;
            // If no other bytes follow, the held bytes continue alone.
            this.#clock.setTimeout(() => this.#release(), this.#random.pick([30, 800, 2500]));
            return;
          }
          break;
        case 'delay':
          delay += fault.ms;
      }
    }
    this.#pass(this.#behindHeld(out), delay);
  }

  /** Bytes that wait to be joined come before all that is sent after them. */
  #behindHeld(bytes: Uint8Array): Uint8Array {
    const held = this.#held;
    this.#held = undefined;
    return held ? concat(held, bytes) : bytes;
  }

  #release(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held) this.#pass(held);
  }

  #pass(bytes: Uint8Array, delay = 0): void {
    if (bytes.length === 0) return;
    const copy = bytes.slice();
    this.#lastArrival = Math.max(this.#lastArrival, this.#clock.now() + this.#latency + delay);
    this.#clock.setTimeout(() => {
      if (!this.#cut) this.#arrive(copy);
    }, this.#lastArrival - this.#clock.now());
  }
}

export type { ActiveFault };

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
