import { Mismatch, RunEnded } from './outcomes.js';

/** Who a device says it is. */
export interface JudgedDevice {
  readonly serialNumber: string;
  readonly model: string;
  readonly firmware: string;
  readonly bootId: number;
  readonly simulated?: true | undefined;
}

/** The number of numbers that a session can have: 1 to 65535. */
const NUMBERS = 65535;

/**
 * Watches identity and session numbers over the whole run. A session number that moves by more than the HELLOs of this
 * run shows another host.
 */
export class SessionCount {
  #identity: JudgedDevice | undefined;
  #number = 0;
  #hellos = 0;
  #restartExpected = false;
  #numbersAreWrong = false;

  /** The identity that the device gave first, with its newest boot id. */
  get identity(): JudgedDevice | undefined {
    return this.#identity;
  }

  /** The number of the latest session; 0 before the first. */
  get latest(): number {
    return this.#number;
  }

  /** A HELLO, right or wrong, is on its way. */
  countHello(count = 1): void {
    this.#hellos += count;
  }

  /** Says whether the next boot id may be another one. */
  expectRestart(expected = true): void {
    this.#restartExpected = expected;
  }

  /** True if the device does not count its sessions by one. Then the numbers say nothing about another host. */
  distrustNumbers(wrong: boolean): void {
    this.#numbersAreWrong = wrong;
  }

  /**
   * Compares the reply to an accepted HELLO with the one before.
   * @throws RunEnded if it comes from another device, or if another host opened a session. Mismatch if the device has
   * restarted by itself.
   */
  accept(identity: JudgedDevice, number: number): void {
    const known = this.#identity;
    const before = this.#number;
    const hellos = this.#hellos;
    this.#hellos = 0;
    this.#number = number;
    if (!known) {
      this.#identity = identity;
      return;
    }
    if (identity.serialNumber !== known.serialNumber) {
      throw new RunEnded(
        'no-device',
        `another device answers now: serial number ${identity.serialNumber}, not ${known.serialNumber}; connect one device and run again`,
      );
    }
    this.#identity = identity;
    if (identity.bootId !== known.bootId) {
      if (!this.#restartExpected) {
        throw new Mismatch(
          `the device restarted by itself: its boot id was ${known.bootId} and is ${identity.bootId}`,
          'the same boot id in each reply to HELLO',
        );
      }
      this.#restartExpected = false;
      return;
    }
    // A planned restart that did not change the boot id: its first number says nothing either.
    if (this.#restartExpected) return;
    const moved = (number - before + NUMBERS) % NUMBERS;
    if (moved <= hellos || this.#numbersAreWrong) return;
    // Another host moves the number on by a few. A number that goes back is the device's own.
    if (moved > NUMBERS / 2)
      throw new Mismatch(`session ${number} came after ${before}`, 'a session with the next number');
    throw anotherHost(`the session number moved from ${before} to ${number}, and this run sent ${hellos} HELLO`);
  }
}

/** The end of a run because of another host. @param why What showed it. */
export function anotherHost(why: string): RunEnded {
  return new RunEnded('another-host', `another host uses the device: ${why}; stop the other program and run again`);
}
