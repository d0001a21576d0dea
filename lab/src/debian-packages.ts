// Installs the Debian packages that the lab and the browser tests need. The packages of the lab are installed on this
// machine, because the guest sees its files.
import { createInterface } from 'node:readline/promises';
import type { Deadline } from './deadline.js';
import { LabError } from './lab-errors.js';
import { runProgram } from './run-program.js';

const needed = ['qemu-system-x86', 'busybox-static', 'kmod', 'udev', 'usbip', 'usbutils', 'xz-utils'];

/**
 * Installs the missing packages of the lab and of `further`, if the lab may install packages.
 * @throws LabError that says what to install, if the lab may not install packages.
 */
export async function ensurePackages(deadline: Deadline, further: readonly string[]): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new LabError(
      `The lab runs only on Linux on x86-64, and this machine is ${process.platform} on ${process.arch}.`,
    );
  await ensureDebianPackages(deadline, [...new Set([...needed, ...further])], 'lab');
}

/**
 * Installs the missing packages of `wanted`: if CI is true and the user is root, or if a person agrees.
 * @param what The program that needs them, for people.
 * @throws LabError that says what to install, if this program may not install packages.
 */
export async function ensureDebianPackages(deadline: Deadline, wanted: readonly string[], what: string): Promise<void> {
  const missing = missingPackages(wanted, readInstalled(deadline, wanted));
  if (missing.length === 0) return;
  const root = process.getuid?.() === 0;
  if (!(root && (process.env['CI'] === 'true' || (await agrees(missing)))))
    throw new LabError(explainMissing(missing, root, what));
  install(deadline, missing);
}

function readInstalled(deadline: Deadline, wanted: readonly string[]): string {
  // dpkg fails if it does not know one of the packages, but prints the status of the others. Without dpkg there is no
  // output.
  const script = 'command -v dpkg && { dpkg --status "$@" 2>/dev/null; true; }';
  const told = runProgram(deadline, ['sh', '-c', script, 'sh', ...wanted], { quiet: true });
  if (told) return told.toString();
  throw new LabError('There is no dpkg on this machine. Run this on Debian or on a system that is based on it.');
}

/** Returns the packages of `wanted` that are not installed. `told` is the output of `dpkg --status` for `wanted`. */
export function missingPackages(wanted: readonly string[], told: string): string[] {
  const installed = new Set(
    [...told.matchAll(/^Package: (\S+)\nStatus: \S+ \S+ installed$/gm)].map(([, name]) => name),
  );
  return wanted.filter((name) => !installed.has(name));
}

/** Returns a message that tells a person how to install the missing packages. `root`: the person is root. */
export function explainMissing(missing: readonly string[], root: boolean, what = 'lab'): string {
  const command = `${root ? '' : 'sudo '}apt-get install --no-install-recommends ${missing.join(' ')}`;
  const [packages, them] = missing.length === 1 ? ['package', 'it'] : ['packages', 'them'];
  const oneself = root ? `\nWith CI=true this program installs ${them} itself.` : '';
  return `The ${what} ${what.endsWith('s') ? 'need' : 'needs'} the Debian ${packages} ${missing.join(', ')}. This installs ${them}:\n  ${command}${oneself}`;
}

async function agrees(missing: readonly string[]): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Install the Debian packages ${missing.join(', ')} now? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

function install(deadline: Deadline, missing: readonly string[]): void {
  console.error(`Installing the Debian packages ${missing.join(', ')} ...`);
  const options = ['-q', '--yes', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
  const command = ['apt-get', 'install', ...options, ...missing];
  withFreshLists(deadline, (quiet) => runProgram(deadline, command, { quiet }));
}

/**
 * Runs `work`, which needs the lists of apt. If it fails, the lists may be too old or missing. Then this function
 * downloads new lists, if the user is root, and runs `work` again.
 * @param work Returns undefined and prints nothing if it fails and its argument `quiet` is true.
 */
export function withFreshLists<T>(deadline: Deadline, work: (quiet: boolean) => T | undefined): T | undefined {
  const done = work(true);
  if (done !== undefined || process.getuid?.() !== 0) return done ?? work(false);
  runProgram(deadline, ['apt-get', 'update', '-q', '-o', 'DPkg::Lock::Timeout=120'], { quiet: true });
  return work(false);
}
