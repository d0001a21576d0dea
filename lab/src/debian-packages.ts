// The Debian packages that the laboratory needs, on this machine: the guest sees the same files.
import { createInterface } from 'node:readline/promises';
import type { Deadline } from './deadline.js';
import { LabError } from './lab-errors.js';
import { runProgram } from './run-program.js';

const needed = ['qemu-system-x86', 'busybox-static', 'kmod', 'udev', 'usbip', 'usbutils', 'xz-utils'];

/**
 * Installs what is missing, when it may, of the laboratory's own packages and of `further`.
 * @throws LabError that says what to install, where it may not.
 */
export async function ensurePackages(deadline: Deadline, further: readonly string[]): Promise<void> {
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

function readInstalled(deadline: Deadline, wanted: readonly string[]): string {
  // It fails when it does not know one of them, after it has told of the others. Only without dpkg is nothing told.
  const script = 'command -v dpkg && { dpkg --status "$@" 2>/dev/null; true; }';
  const told = runProgram(deadline, ['sh', '-c', script, 'sh', ...wanted], { quiet: true });
  if (told) return told.toString();
  throw new LabError('The laboratory needs Debian or one of its kind: there is no dpkg here.');
}

/** Those of `wanted` that are not installed; `told` is what `dpkg --status` says of them. */
export function missingPackages(wanted: readonly string[], told: string): string[] {
  const installed = new Set(
    [...told.matchAll(/^Package: (\S+)\nStatus: \S+ \S+ installed$/gm)].map(([, name]) => name),
  );
  return wanted.filter((name) => !installed.has(name));
}

/** What to do about missing packages, for a person who is root or not. */
export function explainMissing(missing: readonly string[], root: boolean): string {
  const command = `${root ? '' : 'sudo '}apt-get install --no-install-recommends ${missing.join(' ')}`;
  const [packages, them] = missing.length === 1 ? ['package', 'it'] : ['packages', 'them'];
  const oneself = root ? `\nWith CI=true the laboratory installs ${them} itself.` : '';
  return `The laboratory needs the Debian ${packages} ${missing.join(', ')}. This installs ${them}:\n  ${command}${oneself}`;
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
 * Does what apt's lists are good for, and again with new lists when these are too old or were never fetched.
 * @param work Gives undefined, and prints nothing, when it failed and was told to be quiet.
 */
export function withFreshLists<T>(deadline: Deadline, work: (quiet: boolean) => T | undefined): T | undefined {
  const done = work(true);
  if (done !== undefined || process.getuid?.() !== 0) return done ?? work(false);
  runProgram(deadline, ['apt-get', 'update', '-q', '-o', 'DPkg::Lock::Timeout=120'], { quiet: true });
  return work(false);
}
