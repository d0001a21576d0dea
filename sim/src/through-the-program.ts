/** A program hears what a call returns through some export async functions of its own. */
export async function throughTheProgram<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } finally {
    for (let turn = 0; turn < 6; turn++) await undefined;
  }
}
