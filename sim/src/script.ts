import { Random } from '@bluetap/testing';

/** The number of a POS program. The second program uses the same device, through the same line or another line. */
export type Pos = 0 | 1;
export type Direction = 'toDevice' | 'toHost';

/** A fault of one direction of a cable. It affects the bytes for some time. */
export type CableFault =
  | { readonly kind: 'lose' | 'flip' | 'split' | 'join' | 'noise' | 'dead' }
  | { readonly kind: 'delay'; readonly ms: number };

/** A wrong behaviour of the device. It lasts for some time. */
export type DeviceFault =
  | 'late'
  | 'twice'
  | 'wrong-session'
  | 'wrong-sequence'
  | 'wrong-type'
  | 'mute'
  | 'no-such-session';

/** One step at a time of a run. A number is in milliseconds unless its name says something else. */
export type Step = { readonly at: number } & (
  | {
      readonly do: 'pay';
      readonly pos: Pos;
      readonly timeoutMs: number;
      readonly expiry: number;
      readonly abortAfter?: number;
    }
  | {
      readonly do: 'cancel';
      readonly pos: Pos;
      readonly timeoutMs: number;
      readonly oneOrder: boolean;
      readonly abortAfter?: number;
    }
  | { readonly do: 'status'; readonly pos: Pos; readonly timeoutMs: number; readonly abortAfter?: number }
  | { readonly do: 'reopen' | 'crash'; readonly pos: Pos }
  | { readonly do: 'tap' | 'power-cycle' }
  | { readonly do: 'nfc-fault'; readonly for: number }
  | { readonly do: 'unplug'; readonly for: number; readonly power: 'kept' | 'lost' }
  | { readonly do: 'cut'; readonly direction: Direction; readonly afterBytes: number; readonly for: number }
  | {
      readonly do: 'cable';
      readonly pos: Pos;
      readonly direction: Direction;
      readonly fault: CableFault;
      readonly for: number;
      readonly chance: number;
    }
  | { readonly do: 'device'; readonly fault: DeviceFault; readonly for: number }
  | { readonly do: 'list' | 'open'; readonly pos: Pos; readonly how: 'fails' | 'hangs'; readonly for: number }
);

/** A whole run: the properties of the world, and its steps. */
export interface Script {
  readonly seed: number;
  /** True if both POS programs share one line, as two processes share a hidraw node. */
  readonly sharedConnection: boolean;
  /** True if the second POS program runs. */
  readonly secondPos: boolean;
  /**
   * True if the lines stay open when the device restarts, as a UART does. Then no POS program is informed. False with a
   * shared connection: there an old session number that comes again by chance would mislead two POS programs. This is a
   * limit of the format (docs/protocol.md section 4, last paragraph), and a UART has one owner.
   */
  readonly openLine: boolean;
  /** The time that bytes need from one end of the cable to the other end. */
  readonly latency: number;
  readonly steps: readonly Step[];
}

const CALLS = 20;
const FAULTS = 5;

/** Returns the script of a seed. It has at least 20 calls and 5 faults. */
export function scriptOf(seed: number): Script {
  const random = new Random(seed);
  const secondPos = random.chance(0.4);
  const steps: Step[] = [];
  const calls = random.between(CALLS, CALLS + 8);
  let at = 0;
  for (let count = 0; count < calls; count++) {
    at += random.chance(0.3) ? random.between(0, 60) : random.between(0, 4000);
    steps.push(call(at, random, secondPos && random.chance(0.4) ? 1 : 0));
  }
  const faults = random.between(FAULTS, FAULTS + 7);
  for (let count = 0; count < faults; count++) steps.push(fault(random.between(0, at), random, secondPos));
  for (let count = random.between(0, 4); count > 0; count--) steps.push({ at: random.between(0, at), do: 'tap' });
  // The sort is stable, so steps of the same time keep their order.
  steps.sort((a, b) => a.at - b.at);
  const world = { secondPos, sharedConnection: random.chance(0.5), latency: random.pick([0, 1, 5, 40]) };
  return { seed, ...world, openLine: random.chance(0.4) && !world.sharedConnection, steps };
}

function call(at: number, random: Random, pos: Pos): Step {
  const timeoutMs = random.pick([50, 400, 1500, 5000, 5000, 5000, 12_000]);
  const abort = random.chance(0.15) ? { abortAfter: random.pick([0, 1, 50, 300, 1100, 3100]) } : {};
  const kind = random.uint32() % 10;
  if (kind < 5) return { at, do: 'pay', pos, timeoutMs, expiry: random.pick([1, 2, 5, 900]), ...abort };
  if (kind < 8) return { at, do: 'cancel', pos, timeoutMs, oneOrder: random.chance(0.5), ...abort };
  return { at, do: 'status', pos, timeoutMs, ...abort };
}

function fault(at: number, random: Random, secondPos: boolean): Step {
  const pos: Pos = secondPos && random.chance(0.3) ? 1 : 0;
  const direction = random.pick(['toDevice', 'toHost'] as const);
  const length = random.pick([10, 500, 1500, 3500, 8000]);
  switch (random.uint32() % 12) {
    case 0:
    case 1:
    case 2:
    case 3: {
      const kind = random.pick(['lose', 'flip', 'split', 'join', 'noise', 'dead', 'delay'] as const);
      const cable: CableFault = kind === 'delay' ? { kind, ms: random.pick([20, 600, 1100, 3300]) } : { kind };
      return { at, do: 'cable', pos, direction, fault: cable, for: length, chance: random.pick([0.3, 0.7, 1]) };
    }
    case 4:
    case 5: {
      const kind = random.pick([
        'late',
        'twice',
        'wrong-session',
        'wrong-sequence',
        'wrong-type',
        'mute',
        'no-such-session',
      ] as const);
      return { at, do: 'device', fault: kind, for: length };
    }
    case 6:
      return { at, do: 'unplug', for: random.pick([1, 300, 2000, 9000]), power: random.chance(0.7) ? 'kept' : 'lost' };
    case 7:
      return { at, do: 'cut', direction, afterBytes: random.between(0, 70), for: random.pick([1, 300, 2000, 9000]) };
    case 8:
      return { at, do: 'power-cycle' };
    case 9:
      return random.chance(0.3) ? { at, do: 'nfc-fault', for: length } : { at, do: 'crash', pos };
    case 10:
      return {
        at,
        do: random.pick(['list', 'open'] as const),
        pos,
        how: random.pick(['fails', 'hangs'] as const),
        for: length,
      };
    default:
      return random.chance(0.5) ? { at, do: 'reopen', pos } : { at, do: 'crash', pos };
  }
}
