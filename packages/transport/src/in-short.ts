/**
 * What an error's JSON keeps of its cause: name, code and message, each where it is plain. Everything else of a
 * library's error is left out, since it can be anything, even what JSON cannot hold.
 * @returns Undefined for what is no error: an aborted signal's reason can be anything, and the error's own message shows it.
 */
export function inShort(cause: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!(cause instanceof Error)) return undefined;
  const { name, code, message } = cause as Error & { readonly code?: unknown };
  return { name: plain(name), code: plain(code), message: plain(message) };
}

function plain(value: unknown): unknown {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}
