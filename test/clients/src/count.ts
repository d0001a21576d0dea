/** The number of tests of a step. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Reads the count that a program prints in its last lines: pytest, the tests in C#, and a conformance run.
 * @param output What the program printed.
 * @returns undefined if there is no count.
 */
export function readCount(output: string): Count | undefined {
  const end = output.trimEnd().split('\n').slice(-3).join('\n');
  const passed = /(\d+) (?:passed|proven)/.exec(end)?.[1];
  const failed = /(\d+) (?:failed|errors?)/.exec(end)?.[1] ?? '0';
  return passed === undefined ? undefined : { passed: Number(passed), failed: Number(failed) };
}
