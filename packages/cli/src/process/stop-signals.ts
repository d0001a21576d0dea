import { isUnderNohup } from './nohup.js';

/** A closed terminal sends SIGHUP. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof SIGNALS)[number];

/**
 * Two signals within this time in milliseconds are one keystroke. Under npm, one Ctrl-C arrives twice: the terminal
 * sends it to all processes in its foreground, and npm passes it on too.
 */
export const SAME_KEYSTROKE_MS = 300;

/**
 * Calls `listener` at each signal that asks the program to stop: SIGINT, SIGTERM and SIGHUP. Under nohup, SIGHUP is
 * ignored. Returns the function that removes the listener.
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
 * Calls `stop` once, at the first SIGINT, SIGTERM or SIGHUP. Ignores signals for the next SAME_KEYSTROKE_MS. A later
 * signal ends the process immediately, so that a person can always end a cleanup that hangs. Returns the function that
 * removes the listener.
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
