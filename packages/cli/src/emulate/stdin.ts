import { fstatSync, readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { systemClock } from '@bluetap/transport';
import { setDeadline } from '@bluetap/transport/kit';
import { MAX_WAITING } from '../output/bounded-output.js';
import { BoundedLines } from './bounded-lines.js';

/** More than any command needs. */
export const MAX_LINE_BYTES = 65_536;

/** If a pipe is open and empty for so long, another process holds its other end. */
const HELD_MS = 250;

/** Whom stdin was a pipe of when the program started. */
const PARENT = process.ppid;

export interface StdinReader {
  /** Gets each line that is not empty. */
  onLine(line: string): void;
  /** A line was longer than MAX_LINE_BYTES, and is left out. */
  onTooLong(): void;
  /** The process that held the other end of stdin has closed it, or has ended. */
  onLetGo(): void;
  /** Where the answers go. While a megabyte waits there, nothing is read. */
  readonly answers: Writable;
  /** Default: that of the process. */
  readonly stdin?: Readable & { readonly isTTY?: boolean };
}

/**
 * Reads stdin until it ends, or until the function that is returned is called; then stdin holds the process no more.
 *
 * A pipe can be at its end from the start, because the parent process gave it nothing to read. That end does not count.
 * Only the end of one that was held says that its holder is done.
 */
export function readStdin({ onLine, onTooLong, onLetGo, answers, stdin = process.stdin }: StdinReader): () => void {
  const lines = new BoundedLines(MAX_LINE_BYTES, (line) => line.trim() !== '' && onLine(line), onTooLong);
  const pipe = isPipe();
  let held = false;
  // It does not count that this program itself stood still, with the end of the pipe waiting to be read.
  let stopWaiting = () => {};
  const wait = () => {
    stopWaiting = setDeadline(systemClock, HELD_MS, () => {
      held = true;
    });
  };

  // A job in the background that reads its terminal is stopped by the system. So it only reads while it is in front.
  const isFree = () => answers.writableLength <= MAX_WAITING && (!stdin.isTTY || isInForeground());
  const follow = () => {
    stopWaiting();
    if (isFree()) {
      if (!held) wait();
      stdin.resume();
    } else stdin.pause();
  };
  const onDrain = () => {
    if (stdin.isPaused()) follow();
  };
  const onData = (bytes: Uint8Array) => {
    lines.push(bytes);
    follow();
  };
  const onEnd = () => {
    stopWaiting();
    lines.end();
    if (pipe && (held || hasParentGone())) onLetGo();
  };
  // A closed terminal, or a directory: no command can come from there.
  const ignore = () => {};
  stdin.on('error', pipe ? onEnd : ignore);
  stdin.on('data', onData).on('end', onEnd);
  answers.on('drain', onDrain);
  if (stdin.isTTY) process.on('SIGCONT', follow);
  follow();
  return () => {
    stopWaiting();
    process.off('SIGCONT', follow);
    answers.off('drain', onDrain);
    stdin.off('data', onData).off('end', onEnd);
    stdin.pause();
    stdin.off('error', onEnd).off('error', ignore);
  };
}

/** A pipe or a socket, which can tell that its other end has gone. False for a terminal, a file, /dev/null. */
export function isPipe(): boolean {
  try {
    const stats = fstatSync(0);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}

/** The kernel's mark of a process that is on its way out. */
const EXITING = 0x4;

/** A process that ends closes its pipes first. Its children get another parent shortly after that. */
function hasParentGone(): boolean {
  if (process.ppid !== PARENT) return true;
  const [state, , , , , , flags] = statOf(PARENT) ?? [];
  return state === 'Z' || state === 'X' || (Number(flags ?? 0) & EXITING) !== 0;
}

/** By what Linux says of the process; elsewhere it is taken for granted. */
function isInForeground(): boolean {
  const [, , group, , , inFront] = statOf('self') ?? [];
  return group === inFront;
}

/** Of a process on Linux: state, parent, group, session, terminal, group in front, flags and so on. */
function statOf(pid: number | 'self'): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in brackets can hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
