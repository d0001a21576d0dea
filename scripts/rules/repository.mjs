// The rules for files. imports.mjs has the rules for imports. Pure: takes text, and returns complaints.

const longest = 400;
// Each word is in two halves, so that this file does not break its own rule.
const leftOver = new RegExp(`\\b(?:TO${''}DO|FIX${''}ME)\\b`);

/** @param {string} file @param {string} text @returns {string[]} */
export function sourceComplaints(file, text) {
  const complaints = [];
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  if (lines > longest)
    complaints.push(
      `${file} has ${lines} lines: split it, so that each file has one idea and at most ${longest} lines`,
    );
  if (leftOver.test(text)) complaints.push(`${file} leaves work for later: do it now, or write an issue`);
  return complaints;
}

/**
 * @param {string} folder
 * @param {Record<string, unknown>} manifest
 * @param {readonly string[]} files the names of the files in the folder of the package
 * @returns {string[]}
 */
export function manifestComplaints(folder, manifest, files) {
  const where = `packages/${folder}`;
  const complaints = [];
  for (const name of ['LICENSE', 'README.md']) if (!files.includes(name)) complaints.push(`${where} has no ${name}`);
  /** @type {Record<string, (value: any) => boolean>} */
  const wanted = {
    name: (name) => name === `@bluetap/${folder}`,
    description: (text) => typeof text === 'string' && text.length > 20,
    keywords: (words) => Array.isArray(words) && words.length > 0,
    license: (name) => name === 'Apache-2.0',
    type: (kind) => kind === 'module',
    sideEffects: (value) => value === false || Array.isArray(value),
    engines: (engines) => engines?.node === '>=20.19',
    files: (list) => Array.isArray(list) && ['bundle', 'dist/**/*.d.ts', 'src'].every((each) => list.includes(each)),
    publishConfig: (config) => config?.access === 'public' && !JSON.stringify(config).includes('@bluetap/source'),
  };
  for (const [field, holds] of Object.entries(wanted))
    if (!holds(manifest[field]))
      complaints.push(`${where}/package.json: ${field} is missing or differs from the other packages`);
  return complaints;
}

/**
 * The lock file must name no address, because each user installs from the registry of their own settings.
 * @param {string} lockfile
 * @returns {string[]}
 */
export function lockfileComplaints(lockfile) {
  return lockfile
    .split('\n')
    .filter((line) => /\b[a-z+]+:\/\/|\btarball:/.test(line))
    .map((line) => `pnpm-lock.yaml names an address: ${line.trim()}`);
}
