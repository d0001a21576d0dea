import { fileURLToPath } from 'node:url';

const program = (name: string): readonly string[] => [
  process.execPath,
  fileURLToPath(new URL(`programs/${name}`, import.meta.url)),
];

/** The host that shares no code with this project. It keeps every rule. */
export const hostProgram = program('host.mjs');

/** The same host with one mistake. The mistake is an argument before the call, so that hosts can run side by side. */
export const withMistake = (mistake: string): readonly string[] => [...program('host.mjs'), `mistake=${mistake}`];

/**
 * The right host. In its first start it gets no processor for 1300 ms after `number` requests. Each start adds a line to
 * `file`.
 */
export const lateOnce = (file: string, number: number): readonly string[] => [
  ...program('late-once.mjs'),
  file,
  `${number}`,
];

/** A host that misbehaves as a process. */
export const rogueProgram = (what: string): readonly string[] => [...program('rogue.mjs'), what];

/** A host that makes its calls with the SDK, one call a line. */
export const sdkProgram = program('sdk-host.mjs');
