/** One seeded mistake. It has patches for compiled files. Each patch must match exactly once. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
}

/** A change of one compiled file: `replace` takes the place of `find`, which the file contains exactly once. */
export interface Patch {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Returns a mistake with one patch. */
export function mutant(name: string, file: string, find: string, replace: string): Mutant {
  return { name, patches: [{ file, find, replace }] };
}

/** Returns the compiled file of a source file of the SDK, such as `client/client`. */
export const sdk = (file: string) => `packages/sdk/dist/${file}.js`;

/** Returns the compiled file of a source file of the emulator, such as `device/device`. */
export const emulator = (file: string) => `packages/emulator/dist/${file}.js`;

/** Returns the compiled file of a source file of the protocol, such as `codec/encode`. */
export const protocol = (file: string) => `packages/protocol/dist/${file}.js`;
