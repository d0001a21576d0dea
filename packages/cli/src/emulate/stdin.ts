import { fstatSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { systemClock } from '@bluetap/transport';
import { setDeadline } from '@bluetap/transport/kit';
import { MAX_WAITING } from '../output/bounded-output.js';
import { BoundedLines } from './bounded-lines.js';

/** The longest line that is read. No command needs so many bytes. */
export const MAX_LINE_BYTES = 65_536;

/** If a pipe is open and empty for this time in milliseconds, another process holds its other end. */
const HELD_MS = 250;

/** The parent process when this program started. It can hold the other end of stdin. */
const PARENT = process.ppid;

export interface StdinReader {
  /** Called with each line that is not empty. */
  onLine(line: string): void;
  /** Called if a line is longer than MAX_LINE_BYTES. The line is dropped. */
  onTooLong(): void;
  /** Called if the process that held the other end of stdin has closed it, or has ended. */
  onLetGo(): void;
  /** The stream of the answers. While a megabyte waits in it, no command is read. */
  readonly answers: Writable;
  /** Default: the stdin of the process. */
  readonly stdin?: Readable & { readonly isTTY?: boolean };
}

/**
 * Reads stdin until it ends, or until the returned function is called. After that, stdin does not keep the process
 * running.
 *
 * A pipe can be at its end from the start, because the parent process wrote nothing and closed it. Such an end does not
 * count. If another process held the pipe open, the end of the pipe says that this process is done.
 */
export function readStdin({ onLine, onTooLong, onLetGo, answers, stdin = process.stdin }: StdinReader): () => void {
  const lines = new BoundedLines(MAX_LINE_BYTES, (line) => line.trim() !== '' && onLine(line), onTooLong);
  const pipe = isPipe();
  let held = false;
  // A deadline and not a plain timer. This program can be paused while the end of the pipe already waits in the queue.
  // That time must not count as held.
  let stopWaiting = () => {};
  const wait = () => {
    stopWaiting = setDeadline(systemClock, HELD_MS, () => {
      held = true;
    });
  };

  // The system stops a background job that reads its terminal. So a terminal is read only while the job is in front.
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
  // The error of a closed terminal or of a directory. No command can come from either.
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

/**
 * True if stdin is a pipe or a socket, which reports that its other end closed. False for a terminal, file, /dev/null.
 */
export function isPipe(): boolean {
  try {
    // On Windows, Node never says that a descriptor is a pipe. But its stream for a pipe is a socket.
    if (process.platform === 'win32') return process.stdin instanceof Socket && !process.stdin.isTTY;
    const stats = fstatSync(0);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}

/** The flag PF_EXITING of the kernel: the process is ending. */
const EXITING = 0x4;

/**
 * True if the parent has ended or is ending. A process that ends closes its pipes first. Shortly after that, its
 * children get another parent.
 */
function hasParentGone(): boolean {
  if (process.ppid !== PARENT) return true;
  const [state, , , , , , flags] = statOf(PARENT) ?? [];
  return state === 'Z' || state === 'X' || (Number(flags ?? 0) & EXITING) !== 0;
}

/** True if this process is in the foreground of its terminal. Only Linux can answer this. Other systems return true. */
function isInForeground(): boolean {
  const [, , group, , , inFront] = statOf('self') ?? [];
  return group === inFront;
}

/**
 * Returns the fields of /proc/PID/stat on Linux: state, parent, group, session, terminal, foreground group, flags and
 * more. Undefined on other systems, or if there is no such process.
 */
function statOf(pid: number | 'self'): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in brackets can contain any character, also ")".
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
