/** The device did not do what the case expects: the case failed. */
export class Mismatch extends Error {
  /** What should have come, as one sentence. */
  readonly expected: string;

  /** @param came What came, as one sentence. */
  constructor(came: string, expected: string) {
    super(came);
    this.expected = expected;
  }
}

/** No answer came to a request. */
export class NoAnswer extends Mismatch {}

/** The case can show nothing on this device: it is not applicable. The message says why. */
export class NotShown extends Error {}

/** The connection to the device ended, or could not be opened. The message says what happened. */
export class DeviceGone extends Error {}

/** The run cannot go on. The message says what happened and what to do. */
export class RunEnded extends Error {
  readonly ending: 'no-device' | 'another-host' | 'stopped';

  constructor(ending: RunEnded['ending'], problem: string) {
    super(problem);
    this.ending = ending;
  }
}

/** @throws Mismatch if `holds` is false. */
export function must(holds: boolean, came: string, expected: string): void {
  if (!holds) throw new Mismatch(came, expected);
}
