// Writes the shell script that lab/guest/start runs in the guest. Pure.

/** The variables that a program expects on every system, and the variables that control its output. */
const names = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TERM', 'NO_COLOR', 'FORCE_COLOR'];
const prefixes = ['LC_', 'CI', 'BLUETAP_'];

/**
 * Chooses the variables that the command gets.
 * @param environment The variables of this process.
 * @param wanted `NAME=VALUE`, or `NAME` for the value in `environment`. These variables replace others of the same
 * name.
 * @returns `NAME=VALUE` for each variable.
 */
export function chooseEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  wanted: readonly string[],
): string[] {
  const chosen = new Map<string, string>();
  // A shell exports functions with names that `env` would read as options or commands.
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

/** The work of the guest. */
export interface GuestOrder {
  /** The token that follows the last byte of stdout, and of stderr. */
  readonly token: string;
  /** The folder that contains one folder of kernel modules for each release. */
  readonly modules: string;
  /** The folder in which the command can keep files, or ''. */
  readonly results: string;
  /** The folder in which the command runs. */
  readonly folder: string;
  /** `NAME=VALUE` for each variable. */
  readonly environment: readonly string[];
  readonly command: readonly string[];
}

/** Returns the script. It sets token, modules and results, and defines run(). */
export function writeGuestScript({ token, modules, results, folder, environment, command }: GuestOrder): string {
  // The path selects `env` of coreutils. The shell of the guest is busybox, which would prefer its own `env`.
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
