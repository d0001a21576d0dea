import { copyOf } from '../command/attempt.js';
import { contradictionOverDoubt } from '../command/contradictory-doubt.js';
import { settleDoubt } from '../command/outcome-rules.js';
import type { Attempt, Resolution } from '../common/types.js';
import type { FrameChannel } from '../session/frame-channel.js';
import type { HostSession } from '../session/host-session.js';

/** How many attempts may be pending. Each one belongs to another device, or to another start of a device. */
const MAX_PENDING = 1000;

interface Pending {
  readonly attempt: Attempt;
  /** Where it was sent; absent where an earlier run of the program did that. */
  readonly channel?: FrameChannel | undefined;
}

/** Attempts in doubt, until a session with their device settles them. */
export class PendingAttempts {
  #pending: Pending[];

  /** @param earlier Those that the program wrote down in an earlier run: copies. */
  constructor(earlier: readonly Attempt[]) {
    this.#pending = earlier.map((attempt) => ({ attempt }));
  }

  /**
   * Keeps a copy, since the program has the attempt too.
   * @returns The oldest, which is given up, when there are too many: their devices do not come back.
   */
  add(attempt: Attempt, channel: FrameChannel): Attempt | undefined {
    this.#pending.push({ attempt: copyOf(attempt), channel });
    return this.#pending.length > MAX_PENDING ? this.#pending.shift()?.attempt : undefined;
  }

  /**
   * Takes out all that this session settles.
   * @param onContradiction Told what the device says of one of them that cannot be true.
   */
  settle(session: HostSession, onContradiction: (what: string) => void): readonly Resolution[] {
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
