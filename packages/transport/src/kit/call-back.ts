/**
 * Calls a function of the user's program: a listener, a logger, a recorder. If the function throws or rejects, the
 * error goes only to `onFailure`. So it does not harm a payment and does not end the process.
 * @param onFailure Must not throw, because no code catches its errors.
 */
export function callBack(call: () => unknown, onFailure: (error: unknown) => void): void {
  try {
    const given = call();
    // The function can be async: TypeScript accepts an async function where the type says that nothing is returned.
    if (typeof given === 'object' && given !== null) Promise.resolve(given).then(undefined, onFailure);
  } catch (error) {
    onFailure(error);
  }
}
