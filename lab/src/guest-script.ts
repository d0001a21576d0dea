// What the guest is told to do: a shell script that lab/guest/start reads. Pure.

/** What a program expects of any system, and what says how it should print. */
const names = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TERM', 'NO_COLOR', 'FORCE_COLOR'];
const prefixes = ['LC_', 'CI', 'BLUETAP_'];

/**
 * The variables that the command has.
 * @param environment Of this process.
 * @param wanted `NAME=VALUE`, or `NAME` for the value in `environment`; these win.
 * @returns `NAME=VALUE` of each.
 */
export function chooseEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  wanted: readonly string[],
): string[] {
  const chosen = new Map<string, string>();
  // A shell exports functions under names that `env` would take for options or commands.
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && /^\w+$/.test(name) && isUsual(name)) chosen.set(name, value);
  chosen.set('BLUETAP_LAB', '1');
  for (const word of wanted) {
    const [name = ''] = word.split('=', 1);
    const value = word.includes('=') ? word.slice(name.length + 1) : environment[name];
    if (value !== undefined) chosen.set(name, value);
  }
  return [...chosen].map(([name, value]) => `${name}=${value}`);
}

function isUsual(name: string): boolean {
  return names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

/** What the guest is to do. */
export interface GuestOrder {
  /** What follows the last byte of stdout, and of stderr. */
  readonly token: string;
  /** The folder that holds the kernel's modules, by release. */
  readonly modules: string;
  /** The folder whose files are kept, or ''. */
  readonly results: string;
  /** Where the command runs. */
  readonly folder: string;
  /** `NAME=VALUE` of each. */
  readonly environment: readonly string[];
  readonly command: readonly string[];
}

/** The script that sets token, modules and results, and defines run(). */
export function writeGuestScript({ token, modules, results, folder, environment, command }: GuestOrder): string {
  // `env` of coreutils, by its path: the guest's shell is busybox, and would prefer its own programs to Debian's.
  const words = ['/usr/bin/env', '-i', ...environment, ...command];
  return [
    `token=${quote(token)}`,
    `modules=${quote(modules)}`,
    `results=${quote(results)}`,
    `run() {`,
    `cd ${quote(folder)} || exit 125`,
    `exec ${words.map(quote).join(' ')}`,
    `}`,
    '',
  ].join('\n');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
