import { isUnderNohup } from './nohup.js';

/** A closed terminal sends SIGHUP. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof SIGNALS)[number];

/** A Ctrl-C comes twice under npm: from the terminal, which tells all of its foreground, and passed on by npm. */
export const SAME_KEYSTROKE_MS = 300;

/**
 * Calls `listener` at each signal that asks the program to stop: SIGINT, SIGTERM, and SIGHUP, which is not told under
 * nohup. Returns the function that takes no more notice of them.
 */
export function onStopSignals(listener: (signal: StopSignal) => void): () => void {
  const hangUp = isUnderNohup() ? () => {} : listener;
  const listenerOf = (signal: StopSignal) => (signal === 'SIGHUP' ? hangUp : listener);
  for (const signal of SIGNALS) process.on(signal, listenerOf(signal));
  return () => {
    for (const signal of SIGNALS) process.off(signal, listenerOf(signal));
  };
}

/**
 * Calls `stop` once, at the first SIGINT, SIGTERM or SIGHUP. Any later one ends the process at once, so that a person
 * is never stuck with a clean-up that hangs. Returns the function that takes no more notice of signals.
 */
export function onStop(stop: (signal: StopSignal) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const ignoreSignals = onStopSignals((signal) => {
    if (timer) return;
    timer = setTimeout(off, SAME_KEYSTROKE_MS).unref();
    stop(signal);
  });
  const off = () => {
    clearTimeout(timer);
    ignoreSignals();
  };
  return off;
}
