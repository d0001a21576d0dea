import { TransportError } from '../transport-error.js';
import { messageOf } from './system-error.js';

/** A reason why a library with a native part did not load, and the advice for a person. */
interface Cause {
  /** Matches the messages of the error and of its whole chain of causes. */
  readonly said: RegExp;
  /** The only system with this cause. Undefined: every system. */
  readonly on?: string | undefined;
  /** Says what to do. `found` is the first group of the match. */
  readonly advice: (library: string, found: string, platform: string) => string;
}

const outsideOfTheBundle = (library: string): string =>
  `keep ${library} out of the bundle (mark it as external), and run \`npm install\` with its optional packages on the machine that runs the program`;

/** The packages of Debian and Alpine with the files of shared libraries. */
const PACKAGES: Readonly<Record<string, readonly [debian: string, alpine: string]>> = {
  // node-hid needs both libraries, and the system names only the first library that is missing.
  'libudev.so': ['libudev1 and libusb-1.0-0', 'eudev-libs and libusb'],
  'libusb-1.0.so': ['libudev1 and libusb-1.0-0', 'eudev-libs and libusb'],
  'libstdc++.so': ['libstdc++6', 'libstdc++'],
  'libgcc_s.so': ['libgcc-s1', 'libgcc'],
  'libatomic.so': ['libatomic1', 'libatomic'],
};

function whatHasIt(file: string, system: 'Debian' | 'Alpine'): string {
  const known = PACKAGES[file.replace(/\.so\b.*/, '.so')];
  if (!known) return `install the package of this system that has the file ${file}`;
  return system === 'Debian' ? `on Debian install ${known[0]}` : `on Alpine install ${known[1]}`;
}

const OTHER_LIBC =
  'its binary is for another C library than this system has (glibc, or musl as in Alpine): delete node_modules and run `npm install` on this machine';

/** The first cause that matches is used. */
const CAUSES: readonly Cause[] = [
  { said: /(?:libc\.musl|ld-musl|ld-linux)[-\w.]*\.so/, advice: () => OTHER_LIBC },
  { said: /(lib[-\w.+]+\.so[.\d]*): cannot open shared object/, advice: (_, file) => whatHasIt(file, 'Debian') },
  { said: /error loading shared library (lib[-\w.+]+\.so[.\d]*)/i, advice: (_, file) => whatHasIt(file, 'Alpine') },
  { said: /error relocating|symbol not found/i, on: 'linux', advice: () => OTHER_LIBC },
  {
    said: /version [`']((?:GLIBC|GLIBCXX|CXXABI)_[\d.]+)' not found/,
    advice: (library, version) =>
      `its binary needs ${version}, but this system is too old for it: use a newer system, or build it here with \`npm rebuild ${library} --build-from-source\``,
  },
  {
    said: /NODE_MODULE_VERSION|did not self-register|initialization routine failed/i,
    advice: (library) =>
      `its binary is for another version of Node or Electron: run \`npm rebuild ${library}\`, or @electron/rebuild in an Electron app`,
  },
  {
    said: /ELF (?:header|class)|exec format error|valid win32|(?:incompatible|wrong) architecture|not a mach-o/i,
    advice: () =>
      'its binary is for another system or processor: delete node_modules and run `npm install` on this machine, with the Node that runs the program',
  },
  {
    said: /code signature|team id/i,
    on: 'darwin',
    advice: () =>
      'macOS refuses its signature: sign its .node file with the app, or give the app the entitlement com.apple.security.cs.disable-library-validation',
  },
  {
    said: /loading addons is disabled/i,
    advice: () => "start Node without --no-addons; with Node's permission model, add --allow-addons",
  },
  {
    // Wine has other words for it than Windows.
    said: /specified module could not be found|module not found\. \\\\\?\\/i,
    on: 'win32',
    advice: (library) =>
      `a DLL that it needs is missing: install the Microsoft Visual C++ Redistributable, then run \`npm install ${library}\` again`,
  },
  {
    said: /cannot initialize hidapi/i,
    advice: (_, __, platform) =>
      platform === 'win32'
        ? 'this Windows lacks a function of hid.dll or cfgmgr32.dll that it needs: use Windows 8 or later; Wine does not have it'
        : 'this system does not let the program use USB or HID: check the container or sandbox that it runs in',
  },
];

/** Messages of loaders and bundlers for a native part that is not in the place where the program looks for it. */
const NOT_BESIDE =
  /no native build was found|could not (?:locate|load) the bindings file|failed to find binding|cannot find native binding|failed to load native|native binding package version|dynamic require of|(?:__dirname|__filename|require) is not defined|calling `require` for|__non_webpack_require__/i;

/** After its own words, in every language, Windows names the binary that it did not load. */
const REFUSED_BINARY = / \\\\\?\\\S.*\.node\b/;

const CODES: readonly unknown[] = [
  'ERR_DLOPEN_FAILED',
  'ERR_DLOPEN_DISABLED',
  'ERR_MODULE_NOT_FOUND',
  'MODULE_NOT_FOUND',
];

/**
 * The `missing-library` error for a library that did not load, with the advice for this system and this cause.
 * Undefined if the error is not about loading.
 * @param error The error of the import or of the first call.
 * @param library The name of its package.
 * @param platform As `process.platform` names it.
 */
export function loadError(error: unknown, library: string, platform: string): TransportError | undefined {
  const { texts, codes } = chainOf(error);
  const said = texts.join(' ');
  const cause = CAUSES.find((one) => one.said.test(said) && (one.on === undefined || one.on === platform));
  const notBeside = NOT_BESIDE.test(said);
  const byCode = codes.some((code) => CODES.includes(code));
  if (!byCode && !notBeside && !/cannot initialize hidapi|did not self-register/i.test(said)) return undefined;
  return missingLibrary(library, texts[0] ?? '', adviceFor(), error);

  function adviceFor(): string {
    if (codes.some((code) => String(code).endsWith('MODULE_NOT_FOUND')) && quotes(said, library)) {
      return `install it with \`npm install ${library}\`; where the program is a bundle, ${outsideOfTheBundle(library)}`;
    }
    if (cause) return cause.advice(library, cause.said.exec(said)?.[1] ?? '', platform);
    if (codes.includes('ERR_DLOPEN_FAILED') || REFUSED_BINARY.test(said)) {
      return 'delete node_modules and run `npm install` on this machine, with the Node that runs the program';
    }
    return `a part of it is missing: ${outsideOfTheBundle(library)}`;
  }
}

/**
 * Returns the loaded library if it has the needed part. A bundle that failed to load a library once can return an empty
 * object the next time. The option `load` of a program can also return one.
 * @throws TransportError `missing-library`
 */
export function loaded<Library>(library: Library, part: keyof Library & string, name: string): Library {
  if (library?.[part]) return library;
  const why = `the loaded module has no ${part}`;
  throw missingLibrary(name, why, outsideOfTheBundle(name), undefined);
}

function missingLibrary(library: string, why: string, advice: string, cause: unknown): TransportError {
  return new TransportError('missing-library', `${library} did not load (${shortened(why)}): ${advice}`, { cause });
}

/** Removes lists of paths, because they do not help in a message. They stay in the cause. */
function shortened(why: string): string {
  const text = why.replace(/\.? (?:Tried(?: paths)?:|Require stack:|loaded from:|npm has a bug).*/s, '');
  return text.length > 200 ? `${text.slice(0, 200)}...` : text.replace(/\.$/, '');
}

function quotes(said: string, library: string): boolean {
  return said.includes(`'${library}'`) || said.includes(`"${library}"`);
}

/** The messages and codes of an error and its causes. At most 20, because a chain can be endless. */
function chainOf(error: unknown): { texts: readonly string[]; codes: readonly unknown[] } {
  const texts: string[] = [];
  const codes: unknown[] = [];
  let one = error;
  while (one !== undefined && one !== null && texts.length < 20) {
    texts.push(messageOf(one));
    const { code, cause } = one as { code?: unknown; cause?: unknown };
    codes.push(code);
    one = cause;
  }
  return { texts, codes };
}
