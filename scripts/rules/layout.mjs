// The house rules of docs/explanation/architecture.md as data: who may import whom, and what each entry promises to run on.

/**
 * What an entry needs: `pure` nothing but the language, `browser` also the web's AbortSignal and timers, `node` Node.
 * @typedef {'pure' | 'browser' | 'node'} Platform
 *
 * @typedef {object} Place
 * @property {readonly string[] | 'all'} mayImport packages of ours, by folder name
 * @property {boolean} dependencyFree nothing at all is installed with it
 * @property {Readonly<Record<string, Platform>>} entries the platform of each entry; one that is not named needs Node
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
  // Neither a concrete transport nor the emulator: a program chooses those, and its bundle holds only what it chose.
  sdk: { mayImport: ['protocol', 'transport'], dependencyFree: false, entries: { '.': 'browser' } },
  control: { mayImport: ['emulator'], dependencyFree: false, entries: {} },
  cli: { mayImport: 'all', dependencyFree: false, entries: {} },
};

/**
 * The place of a package folder, or undefined when docs/explanation/architecture.md does not know it.
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
