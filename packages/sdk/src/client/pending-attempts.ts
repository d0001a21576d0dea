import { copyOf } from '../command/attempt.js';
import { contradictionOverDoubt } from '../command/contradictory-doubt.js';
import { settleDoubt } from '../command/outcome-rules.js';
import type { Attempt, Resolution } from '../common/types.js';
import type { FrameChannel } from '../session/frame-channel.js';
import type { HostSession } from '../session/host-session.js';

/**
 * How many attempts can be in doubt at the same time. Each belongs to another device, or to another start of a device,
 * that has not come back.
 */
const MAX_PENDING = 1000;

interface Pending {
  readonly attempt: Attempt;
  /** The channel on which the attempt was sent. Absent if an earlier run of the program sent it. */
  readonly channel?: FrameChannel | undefined;
}

/** The attempts in doubt. A session with their device settles them. */
export class PendingAttempts {
  #pending: Pending[];

  /** @param earlier Copies of the attempts that an earlier run of the program stored. */
  constructor(earlier: readonly Attempt[]) {
    this.#pending = earlier.map((attempt) => ({ attempt }));
  }

  /**
   * Keeps a copy, because the program has the attempt too.
   * @returns The oldest attempt if there are too many. It is given up, because its device does not come back.
   */
  add(attempt: Attempt, channel: FrameChannel): Attempt | undefined {
    this.#pending.push({ attempt: copyOf(attempt), channel });
    return this.#pending.length > MAX_PENDING ? this.#pending.shift()?.attempt : undefined;
  }

  /**
   * Takes out all attempts that this session settles.
   * @param onContradiction Called if the device contradicts itself about one of them.
   */
  settle(session: HostSession, onContradiction: (what: string) => void): readonly Resolution[] {
    if (this.#pending.length === 0) return [];
    const seen = { ...session.hello, ...session.link };
    const { state, taps } = seen;
    const settled: Resolution[] = [];
    const left: Pending[] = [];
    for (const pending of this.#pending) {
      const { attempt, channel } = pending;
      const lineStayed = channel === session.channel;
      const contradiction = contradictionOverDoubt(attempt, seen, lineStayed);
      if (contradiction) onContradiction(contradiction);
      const facts = settleDoubt(attempt, seen, lineStayed);
      if (facts.pending) left.push(pending);
      else settled.push({ attempt, ...facts, pending: false, state, taps });
    }
    this.#pending = left;
    return settled;
  }
}
