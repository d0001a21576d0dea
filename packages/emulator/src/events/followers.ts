import { aFunction, anObject, callBack, checkOptions } from '@bluetap/transport/kit';
import type { Follower } from '../contract/emulated-device.js';
import type { Report } from '../contract/report.js';

/** Everyone who wants to know when a device is plugged in, unplugged or closed: its listeners above all. */
export class Followers {
  readonly #followers = new Set<Follower>();
  readonly #report: Report;

  /** @param report Receives an error that a follower throws or rejects with. */
  constructor(report: Report) {
    this.#report = report;
  }

  /** @throws TypeError if `follower` is not a follower. */
  static check(follower: unknown): asserts follower is Follower {
    if (!anObject.holds(follower)) throw new TypeError('follow(): a follower must be an object');
    const { onPlug, close } = follower as Follower;
    checkOptions('follow()', { onPlug, close }, { onPlug: aFunction, close: aFunction });
  }

  /** Adds a follower. Returns the function that removes it. */
  add(follower: Follower): () => void {
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  /** The device was plugged in or unplugged. */
  tell(): void {
    for (const follower of [...this.#followers]) {
      callBack(
        () => follower.onPlug?.(),
        (error) => this.#report(error, 'onPlug of a follower'),
      );
    }
  }

  /** The device closes. Waits for all followers, also if one of them fails. */
  async close(): Promise<void> {
    await Promise.all([...this.#followers].map((follower) => this.#close(follower)));
    this.#followers.clear();
  }

  async #close(follower: Follower): Promise<void> {
    try {
      await follower.close?.();
    } catch (error) {
      this.#report(error, 'close of a follower');
    }
  }
}
