// Lets one process work at a time. The lock is a file that contains the process id of its owner. With this id, another
// process can recognise the lock of a process that was killed, and take it over.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** The system's error codes for a folder that is not writable. */
const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * @param {string} file
 * @param {() => void} work
 * @param {() => void} [cannotLock] Called instead of `work` if this user may not create the file.
 */
export function withLock(file, work, cannotLock) {
  try {
    acquire(file);
  } catch (error) {
    if (!cannotLock || !UNWRITABLE.has(String(/** @type {NodeJS.ErrnoException} */ (error).code))) throw error;
    cannotLock();
    return;
  }
  const release = () => rmSync(file, { force: true });
  // process.exit() inside `work` must release the lock too.
  process.once('exit', release);
  try {
    work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} file */
function acquire(file) {
  for (let said = false; ; ) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const owner = ownerOf(file);
    if (owner !== undefined && !isRunning(owner)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!said)
      console.error(`Waiting for process ${owner ?? '?'}, which installs or compiles and has the lock ${file} ...`);
    said = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
}

/** Returns undefined between the creation of the file and the writing of its content. @param {string} file */
function ownerOf(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
