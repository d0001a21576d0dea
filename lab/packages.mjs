// The Debian packages that the laboratory needs, on this machine: the guest sees the same files.
import { createInterface } from 'node:readline/promises';
import { LabError, step } from './steps.mjs';

/** @typedef {import('./steps.mjs').Deadline} Deadline */

const needed = ['qemu-system-x86', 'busybox-static', 'kmod', 'udev', 'usbip', 'usbutils', 'xz-utils'];

/**
 * @param {Deadline} deadline
 * @param {readonly string[]} further
 */
export async function ensurePackages(deadline, further) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new LabError(`The laboratory runs on Linux on x86-64; this is ${process.platform} on ${process.arch}.`);
  const wanted = [...new Set([...needed, ...further])];
  const missing = missingPackages(wanted, readInstalled(deadline, wanted));
  if (missing.length === 0) return;
  const root = process.getuid?.() === 0;
  if (!(root && (process.env['CI'] === 'true' || (await agrees(missing)))))
    throw new LabError(explainMissing(missing, root));
  install(deadline, missing);
}

/** @param {Deadline} deadline @param {readonly string[]} wanted @returns {string} */
function readInstalled(deadline, wanted) {
  // It fails when it does not know one of them, after it has told of the others. Only without dpkg is nothing told.
  const script = 'command -v dpkg && { dpkg --status "$@" 2>/dev/null; true; }';
  const told = step(deadline, ['sh', '-c', script, 'sh', ...wanted], { quiet: true });
  if (told) return told.toString();
  throw new LabError('The laboratory needs Debian or one of its kind: there is no dpkg here.');
}

/**
 * @param {readonly string[]} wanted
 * @param {string} told what `dpkg --status` says of them
 */
export function missingPackages(wanted, told) {
  const installed = new Set(
    [...told.matchAll(/^Package: (\S+)\nStatus: \S+ \S+ installed$/gm)].map(([, name]) => name),
  );
  return wanted.filter((name) => !installed.has(name));
}

/** @param {readonly string[]} missing @param {boolean} root */
export function explainMissing(missing, root) {
  const command = `${root ? '' : 'sudo '}apt-get install --no-install-recommends ${missing.join(' ')}`;
  const [packages, them] = missing.length === 1 ? ['package', 'it'] : ['packages', 'them'];
  const oneself = root ? `\nWith CI=true the laboratory installs ${them} itself.` : '';
  return `The laboratory needs the Debian ${packages} ${missing.join(', ')}. This installs ${them}:\n  ${command}${oneself}`;
}

/** @param {readonly string[]} missing */
async function agrees(missing) {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Install the Debian packages ${missing.join(', ')} now? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

/** @param {Deadline} deadline @param {readonly string[]} missing */
function install(deadline, missing) {
  console.error(`Installing the Debian packages ${missing.join(', ')} ...`);
  const options = ['-q', '--yes', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
  const command = ['apt-get', 'install', ...options, ...missing];
  withFreshLists(deadline, (quiet) => step(deadline, command, { quiet }));
}

/**
 * Does what apt's lists are good for, and again with new lists when these are too old or were never fetched.
 * @template T
 * @param {Deadline} deadline
 * @param {(quiet: boolean) => T | undefined} work undefined, and nothing printed, when it failed and was told to be quiet
 * @returns {T | undefined}
 */
export function withFreshLists(deadline, work) {
  const done = work(true);
  if (done !== undefined || process.getuid?.() !== 0) return done ?? work(false);
  step(deadline, ['apt-get', 'update', '-q', '-o', 'DPkg::Lock::Timeout=120'], { quiet: true });
  return work(false);
}
