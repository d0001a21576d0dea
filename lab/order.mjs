// What the guest is told to do: a shell script that lab/guest/start reads. Pure.

/** What a program expects of any system, and what says how it should print. */
const names = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TERM', 'NO_COLOR', 'FORCE_COLOR'];
const prefixes = ['LC_', 'CI', 'BLUETAP_'];

/**
 * @param {Readonly<Record<string, string | undefined>>} environment of this process
 * @param {readonly string[]} wanted `NAME=VALUE`, or `NAME` for the value in `environment`; these win
 * @returns {string[]} `NAME=VALUE`
 */
export function chooseEnvironment(environment, wanted) {
  /** @type {Map<string, string>} */
  const chosen = new Map();
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

/** @param {string} name */
function isUsual(name) {
  return names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

/**
 * @typedef {object} Order
 * @property {string} token what follows the last byte of stdout, and of stderr
 * @property {string} modules the folder that holds the kernel's modules, by release
 * @property {string} results a folder that is shared for good, or ''
 * @property {string} folder where the command runs
 * @property {readonly string[]} environment `NAME=VALUE`
 * @property {readonly string[]} command
 */

/** @param {Order} order @returns {string} */
export function writeOrder({ token, modules, results, folder, environment, command }) {
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

/** @param {string} text */
function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
