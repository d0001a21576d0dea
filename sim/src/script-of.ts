import { Random } from '@bluetap/testing';
import type { Ambush, CableFault, Pos, PosOptions, Script, Step } from './script.js';
import { FIRST } from './serial-numbers.js';

const CALLS = 20;
const FAULTS = 5;
/** Once in so many worlds a number begins close to its end: of sequences, of sessions, or of LINKs and taps. */
const NEAR_THE_END = 200;
/** Once in so many worlds the device says what cannot be true. */
const LIARS = 25;
/** Once in so many worlds a write fails or hangs. */
const BROKEN_WRITES = 25;

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
  const calledAt = steps.map((step) => step.at);
  for (let count = random.between(0, 8); count > 0; count--) {
    const after = random.pick(calledAt) + random.pick([0, 50, 300, 900, 2000]);
    steps.push({
      at: random.chance(0.5) ? after : random.between(0, at),
      do: 'tap',
      times: random.pick([1, 1, 1, 2, 3]),
    });
  }
  steps.push(...lies(seed, at), ...brokenWrites(seed, at));
  const world = { secondPos, sharedConnection: random.chance(0.5), latency: random.pick([0, 1, 5, 40]) };
  const before = random.oneIn(NEAR_THE_END) ? closeToTheEnd(random, world.latency) : { steps: [], ms: 0 };
  // The sort is stable, so steps of the same time keep their order.
  steps.sort((a, b) => a.at - b.at);
  return {
    seed,
    ...world,
    openLine: random.chance(0.4) && !world.sharedConnection,
    oneProgram: random.chance(0.3),
    samePlace: random.chance(0.5),
    listsSerial: random.chance(0.5),
    options: [posOptions(random), posOptions(random)],
    ...(before.sessionNumber !== undefined && { sessionNumber: before.sessionNumber }),
    steps: [...before.steps, ...steps.map((step) => ({ ...step, at: step.at + before.ms }))],
  };
}

function posOptions(random: Random): PosOptions {
  return {
    ...(random.chance(0.2) && { keepAliveMs: random.pick([2000, 6000, 15_000]) }),
    ...(random.chance(0.2) && { device: FIRST }),
  };
}

/** What happens before the script, so that a number is close to its end. */
interface Before {
  readonly sessionNumber?: number;
  readonly steps: readonly Step[];
  /** How long it takes, in milliseconds. */
  readonly ms: number;
}

/** A session cannot begin in the middle, so its calls and taps are really made. */
function closeToTheEnd(random: Random, latency: number): Before {
  const kind = random.uint32() % 3;
  const gap = 4 * latency + 10;
  const pay: Step = { at: 0, do: 'pay', pos: 0, timeoutMs: 5000, expiry: 900 };
  if (kind === 0) {
    // Each of these questions opens a session.
    const questions = Array.from(
      { length: 20 },
      (_, at): Step => ({ at: (at + 2) * gap, do: 'outcome', pos: 0, timeoutMs: 5000 }),
    );
    return { sessionNumber: 0xffff - random.between(0, 22), steps: [pay, ...questions], ms: 24 * gap };
  }
  const count = random.between(250, 260);
  if (kind === 1) {
    const steps = Array.from(
      { length: count },
      (_, at): Step => ({ at: at * gap, do: 'status', pos: 0, timeoutMs: 5000 }),
    );
    return { steps, ms: count * gap };
  }
  return { steps: [pay, { at: 500, do: 'tap', times: count }], ms: 1000 };
}

/**
 * The device contradicts itself in some worlds. They come from a source of their own, so the others stay as they are. It
 * does so in one way, because two lies together can be one that nobody can see.
 */
function lies(seed: number, end: number): Step[] {
  const random = new Random(seed ^ 0x27d4eb2f);
  if (!random.oneIn(LIARS)) return [];
  const fault = random.pick([
    'false-reply',
    'used-session',
    'false-hello',
    'false-hello',
    'fewer-taps',
    'false-link',
  ] as const);
  const lie = (): Step[] => {
    const at = random.between(0, end);
    const step: Step = { at, do: 'device', fault, for: random.pick([500, 1500, 3500, 8000]) };
    return fault === 'fewer-taps' ? [step, ...tapsThatOnlyStatusTells(at, random)] : [step];
  };
  return Array.from({ length: random.between(1, 3) }, lie).flat();
}

/** A payment link is read, the LINKs are lost, and then STATUS asks and CANCEL ends it. */
function tapsThatOnlyStatusTells(at: number, random: Random): Step[] {
  const tap = (): Step => ({ at: at + random.between(100, 400), do: 'tap', times: 1 });
  return [
    { at, do: 'device', fault: 'links-lost', for: 400 },
    { at, do: 'pay', pos: 0, timeoutMs: 5000, expiry: 900 },
    tap(),
    tap(),
    { at: at + 410, do: 'status', pos: 0, timeoutMs: 5000 },
    { at: at + 450, do: 'cancel', pos: 0, timeoutMs: 5000, oneOrder: false },
  ];
}

/** The system does not take the bytes of a program, in some worlds. They too come from a source of their own. */
function brokenWrites(seed: number, end: number): Step[] {
  const random = new Random(seed ^ 0x165667b1);
  if (!random.oneIn(BROKEN_WRITES)) return [];
  return Array.from(
    { length: random.between(1, 3) },
    (): Step => ({
      at: random.between(0, end),
      do: 'write',
      pos: 0,
      how: random.pick(['fails', 'hangs', 'hangs'] as const),
      for: random.pick([10, 700, 1500, 3500]),
    }),
  );
}

function call(at: number, random: Random, pos: Pos): Step {
  const timeoutMs = random.pick([50, 400, 1500, 5000, 5000, 5000, 12_000]);
  const abort = random.chance(0.15) ? { abortAfter: random.pick([0, 1, 50, 300, 1100, 3100]) } : {};
  const kind = random.uint32() % 20;
  if (kind < 10) return { at, do: 'pay', pos, timeoutMs, expiry: random.pick([1, 2, 5, 900]), ...abort };
  if (kind < 15) return { at, do: 'cancel', pos, timeoutMs, oneOrder: random.chance(0.5), ...abort };
  if (kind < 18) return { at, do: 'status', pos, timeoutMs, ...abort };
  return kind === 18 ? { at, do: 'outcome', pos, timeoutMs } : { at, do: 'info', pos, timeoutMs };
}

function fault(at: number, random: Random, secondPos: boolean): Step {
  const pos: Pos = secondPos && random.chance(0.3) ? 1 : 0;
  const direction = random.pick(['toDevice', 'toHost'] as const);
  const length = random.pick([10, 500, 1500, 3500, 8000]);
  switch (random.uint32() % 16) {
    case 0:
    case 1:
    case 2:
    case 3: {
      const kind = random.pick(['lose', 'flip', 'split', 'join', 'noise', 'dead', 'delay'] as const);
      const cable: CableFault = kind === 'delay' ? { kind, ms: random.pick([20, 600, 1100, 3300]) } : { kind };
      return { at, do: 'cable', pos, direction, fault: cable, for: length, chance: random.pick([0.3, 0.7, 1]) };
    }
    case 4:
    case 5:
      return { at, do: 'device', fault: deviceFault(random), for: length };
    case 6:
      return { at, do: 'unplug', for: random.pick([1, 300, 2000, 9000]), power: random.chance(0.7) ? 'kept' : 'lost' };
    case 7:
      return { at, do: 'cut', direction, afterBytes: random.between(0, 70), for: random.pick([1, 300, 2000, 9000]) };
    case 8:
      return { at, do: 'power-cycle' };
    case 9:
      return random.chance(0.5)
        ? { at, do: 'nfc-fault', for: length, fault: random.pick(['now', 'on-pay', 'stuck'] as const) }
        : { at, do: 'crash', pos };
    case 10:
      return {
        at,
        do: random.pick(['list', 'open'] as const),
        pos,
        how: random.pick(['fails', 'hangs'] as const),
        for: length,
      };
    case 11:
      return { at, do: 'block', pos, for: random.pick([300, 1200, 2300, 7000]) };
    case 12:
      return { at, do: 'congested', for: length };
    case 13:
      return { at, do: 'swap', for: length, how: random.pick(['replugged', 'silent'] as const) };
    case 14:
      return { at, do: 'ambush', direction, frames: random.between(0, 5), what: ambush(random) };
    default:
      return { at, do: random.pick(['reopen', 'crash', 'abort-all'] as const), pos };
  }
}

function deviceFault(random: Random) {
  return random.pick([
    'late',
    'twice',
    'wrong-session',
    'wrong-sequence',
    'wrong-type',
    'mute',
    'no-such-session',
    'sequence-used',
    'refused-after-loss',
    'links-lost',
    'links-twice',
    'foreign-refusal',
  ] as const);
}

function ambush(random: Random): Ambush {
  return random.pick([
    'crash',
    'reopen',
    'power-cycle',
    'unplug',
    'tap',
    'abort-all',
    'swap',
    'block',
    'block',
  ] as const);
}
