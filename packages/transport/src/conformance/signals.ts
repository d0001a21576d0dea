/** A signal that is already aborted, and its reason. */
export function abortedSignal(): { readonly signal: AbortSignal; readonly reason: Error } {
  const reason = new Error('the reason of this signal');
  return { signal: AbortSignal.abort(reason), reason };
}

/** A signal that counts its listeners. */
export function countedSignal(): { readonly signal: AbortSignal; listeners(): number } {
  const { signal } = new AbortController();
  const listeners = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>): void => {
    const [, listener, options] = args;
    listeners.add(listener);
    if (typeof options === 'object') options.signal?.addEventListener('abort', () => listeners.delete(listener));
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>): void => {
    listeners.delete(args[1]);
    remove(...args);
  };
  return { signal, listeners: () => listeners.size + (signal.onabort === null ? 0 : 1) };
}
