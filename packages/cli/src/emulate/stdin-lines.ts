import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * Gives each line of stdin that is not empty, and goes on without a word when stdin ends. Returns the function that stops
 * it, after which stdin holds the process no more.
 */
export function readStdinLines(onLine: (line: string) => void): () => void {
  const { stdin } = process;
  // A terminal that has gone away, a directory: then there is nobody to give commands.
  const ignore = () => {};
  stdin.on('error', ignore);
  const lines = createInterface({ input: stdin, terminal: false });
  lines.on('line', (line) => {
    if (line.trim() !== '') onLine(line);
  });
  // A job in the background that reads its terminal is stopped by the system. So it only reads while it is in front.
  const follow = () => void (isInForeground() ? lines.resume() : lines.pause());
  if (stdin.isTTY) {
    follow();
    process.on('SIGCONT', follow);
  }
  return () => {
    process.off('SIGCONT', follow);
    lines.close();
    stdin.pause();
    stdin.off('error', ignore);
  };
}

/** By what Linux says of the process; elsewhere it is taken for granted. */
function isInForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    // The name in brackets can hold anything. Behind it: state, parent, group, session, terminal, group in front.
    const [, , group, , , inFront] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === inFront;
  } catch {
    return true;
  }
}
