/** Does what is only owed, such as a close after a failure: that it fails too is nobody's news, rejected or thrown. */
export async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch {
    // The failure before it is the one that counts.
  }
}
