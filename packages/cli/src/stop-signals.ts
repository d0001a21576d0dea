const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
export type StopSignal = (typeof SIGNALS)[number];

/** A Ctrl-C comes twice under npm: from the terminal, which tells all of its foreground, and passed on by npm. */
const SAME_KEYSTROKE_MS = 300;

/**
 * Calls `stop` once, at the first SIGINT or SIGTERM. Any later one ends the process at once, so that a person is never
 * stuck with a clean-up that hangs. Returns the function that takes no more notice of signals.
 */
export function onStop(stop: (signal: StopSignal) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const off = () => {
    clearTimeout(timer);
    for (const signal of SIGNALS) process.off(signal, listener);
  };
  const listener = (signal: StopSignal) => {
    if (timer) return;
    timer = setTimeout(off, SAME_KEYSTROKE_MS).unref();
    stop(signal);
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return off;
}
