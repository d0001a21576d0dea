// @ts-nocheck: plain JavaScript, as a host of somebody else, who has no types of this project.
// The one thing that this host does wrong. Without it, the host keeps every rule.
const [, , first = ''] = process.argv;
const mistake = /^mistake=(.*)$/.exec(first)?.[1] ?? '';

/** The arguments of the call. */
export const callArguments = process.argv.slice(mistake === '' ? 2 : 3);

/** @param {string} name @returns {boolean} */
export const makes = (name) => mistake === name;
