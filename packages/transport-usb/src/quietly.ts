/** Runs `work`, such as a close after a failure, and ignores its errors, thrown or rejected. */
export async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch {
    // The caller reports the earlier failure.
  }
}
