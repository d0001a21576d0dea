const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** How long the page waits before it tries again: 0.5, 1, 2, 4, 8, and then 10 seconds. @param failures 1 or more. */
export function backoffMs(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
}
