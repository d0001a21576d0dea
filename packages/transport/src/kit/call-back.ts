/**
 * Calls a function that a program gave: a listener, a logger, a recorder. What it throws at once, or rejects with later,
 * goes to `onFailure` and nowhere else, so that it touches no payment and does not end the process.
 * @param onFailure Must not throw: there is nobody behind it.
 */
export function callBack(call: () => unknown, onFailure: (error: unknown) => void): void {
  try {
    const given = call();
    // An async function, whatever its type says: TypeScript takes one where nothing is to be returned.
    if (typeof given === 'object' && given !== null) Promise.resolve(given).then(undefined, onFailure);
  } catch (error) {
    onFailure(error);
  }
}
