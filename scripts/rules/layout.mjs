// The rules of docs/explanation/architecture.md as data: which package may import which, and on which platform each
// entry promises to run.

/**
 * The platform that an entry needs. `pure`: only the language. `browser`: also the AbortSignal and the timers of the
 * web. `node`: Node.
 * @typedef {'pure' | 'browser' | 'node'} Platform
 *
 * @typedef {object} Place
 * @property {readonly string[] | 'all'} mayImport our packages that it may import, by folder name
 * @property {boolean} dependencyFree true if no package is installed with it
 * @property {Readonly<Record<string, Platform>>} entries the platform of each entry. An entry without a platform needs
 * Node
 */

/** @type {Readonly<Record<string, Place>>} */
const places = {
  protocol: { mayImport: [], dependencyFree: true, entries: { '.': 'pure', './tools': 'pure' } },
  transport: {
    mayImport: [],
    dependencyFree: true,
    entries: { '.': 'browser', './conformance': 'browser', './kit': 'browser' },
  },
  emulator: {
    mayImport: ['protocol', 'transport'],
    dependencyFree: false,
    entries: { '.': 'browser', './commands': 'browser' },
  },
  // The SDK imports no concrete transport and not the emulator. A program chooses these, so that its bundle contains
  // only its choice.
  sdk: { mayImport: ['protocol', 'transport'], dependencyFree: false, entries: { '.': 'browser' } },
  control: { mayImport: ['emulator', 'transport'], dependencyFree: false, entries: {} },
  // It judges a device from outside, so it does not import the SDK.
  conformance: { mayImport: ['emulator', 'protocol', 'transport'], dependencyFree: false, entries: {} },
  cli: { mayImport: 'all', dependencyFree: false, entries: {} },
};

/**
 * Returns the rules for a package folder, or undefined if docs/explanation/architecture.md does not name it.
 * @param {string} folder
 * @returns {Place | undefined}
 */
export function placeOf(folder) {
  if (folder.startsWith('transport-')) return { mayImport: ['transport'], dependencyFree: false, entries: {} };
  return places[folder];
}

/** @param {string} folder @param {string} entry @returns {Platform} */
export function platformOf(folder, entry) {
  return placeOf(folder)?.entries[entry] ?? 'node';
}

export const scope = '@bluetap/';
