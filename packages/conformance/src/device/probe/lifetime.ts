import { must } from './outcomes.js';
import type { Probe } from './probe.js';
import type { RawSession } from './raw-session.js';

/**
 * A payment link whose time runs. The device counts from a moment between the PAY and its reply, and a STATUS is answered
 * for a moment between its bytes and its reply. So a slow device gets a range.
 */
export class Lifetime {
  readonly #probe: Probe;
  readonly #session: RawSession;
  readonly #seconds: number;
  readonly #sentAt: number;
  readonly #shownAt: number;

  private constructor(probe: Probe, session: RawSession, seconds: number, sentAt: number) {
    this.#probe = probe;
    this.#session = session;
    this.#seconds = seconds;
    this.#sentAt = sentAt;
    this.#shownAt = probe.clock.now();
  }

  /** Shows a payment link of so many seconds. @throws Mismatch, DeviceGone, RunEnded */
  static async begin(probe: Probe, session: RawSession, seconds: number): Promise<Lifetime> {
    const sentAt = probe.clock.now();
    await session.accepted(session.pay({ expiryTime: seconds }), { state: 'ready', remaining: seconds });
    return new Lifetime(probe, session, seconds, sentAt);
  }

  /** True if so much time has passed that the payment link may be over. */
  get isOver(): boolean {
    return this.#probe.clock.now() - this.#sentAt >= this.#seconds * 1000;
  }

  /** Waits until so many milliseconds have passed since the payment link was shown. */
  async reach(ms: number): Promise<void> {
    const left = this.#shownAt + ms - this.#probe.clock.now();
    if (left > 0) await this.#probe.wait(left);
  }

  /**
   * Sends STATUS, in the session of the PAY or in another, and compares remaining.
   * @throws Mismatch if it is not the rounded rest of the time. DeviceGone, RunEnded
   */
  async expectRemaining(session: RawSession = this.#session): Promise<number> {
    const { clock } = this.#probe;
    const askedAt = clock.now();
    const status = await session.accepted(session.status(), { state: 'ready' });
    const lowest = Math.ceil(this.#seconds - (clock.now() - this.#sentAt) / 1000);
    const highest = Math.ceil(this.#seconds - (askedAt - this.#shownAt) / 1000);
    const remaining = 'remaining' in status ? (status.remaining ?? 0) : 0;
    must(
      remaining >= Math.max(1, lowest) && remaining <= highest,
      `remaining is ${remaining}, ${Math.round(askedAt - this.#shownAt)} ms after a payment link of ${this.#seconds} s was shown`,
      `remaining ${lowest === highest ? highest : `${lowest} to ${highest}`}`,
    );
    return remaining;
  }
}
