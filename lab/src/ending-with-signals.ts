/**
 * Runs `work` and ends it at the first signal. Then sends the same signal to this process, so that the signal ends it.
 */
export async function endingWithSignals<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const end = (name: NodeJS.Signals) => controller.abort(name);
  for (const name of names) process.on(name, end);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of names) process.off(name, end);
    if (controller.signal.aborted) process.kill(process.pid, controller.signal.reason);
  }
}
