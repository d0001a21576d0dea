import type { SpawnOptions } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from '../../../lab/dist/run-to-end.js';
import { succeed } from './succeed.js';

/** The programs of Debian's packages. Its script `wine` asks for a Wine of 32 bits, which nothing here needs. */
const WINE = '/usr/lib/wine/wine64';
const WINESERVER = '/usr/lib/wine/wineserver64';

/**
 * The functions of bcryptprimitives.dll that the binding of usb needs. Windows 10 and later have this DLL, Wine 8 has
 * not. SystemFunction036 is the same random source in advapi32.
 */
const RANDOM_SOURCE = `__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *bytes, unsigned long length);
__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *bytes, unsigned long long length) {
  return SystemFunction036(bytes, (unsigned long)length);
}
`;

/**
 * How long the server of Wine stays after its last program, in seconds. Normally it stays three seconds, and a program
 * that starts while it ends waits for it without end.
 */
const SERVER_STAYS = 300;

/** The time limit of one program in milliseconds. It is much longer than a program needs. It ends a Wine that hangs. */
const PROGRAM_LIMIT_MS = 240_000;

/** A Windows of Wine in a folder of its own: its files, its registry and its server. */
export class Wine {
  /** The folder with the names of drives and ports. */
  readonly devices: string;
  readonly #folder: string;
  readonly #signal: AbortSignal;
  readonly #environment: NodeJS.ProcessEnv;

  /** `signal` ends every program. */
  constructor(folder: string, signal: AbortSignal) {
    this.#folder = folder;
    this.#signal = signal;
    this.devices = join(folder, 'dosdevices');
    // The programs see neither the display of this machine nor the choices of its user.
    const { DISPLAY: _, WAYLAND_DISPLAY: __, ...environment } = process.env;
    this.#environment = {
      ...environment,
      WINEPREFIX: folder,
      WINEARCH: 'win64',
      WINEDEBUG: '-all',
      // Without these, Wine asks whether it may download an engine for .NET and one for HTML.
      WINEDLLOVERRIDES: 'mscoree=;mshtml=;winemenubuilder.exe=',
    };
  }

  /** Makes the files and the registry of a Windows 10. */
  async start(): Promise<void> {
    // The server, and the services that these programs start, stay. They would keep a pipe open.
    const options: SpawnOptions = { env: this.#environment, signal: this.#signal, stdio: 'ignore' };
    mkdirSync(this.#folder, { recursive: true });
    await succeed(WINESERVER, [`--persistent=${SERVER_STAYS}`], options);
    await succeed(WINE, ['wineboot.exe', '--init'], options);
    await succeed(WINE, ['winecfg.exe', '-v', 'win10'], options);
  }

  /** The version of Wine, such as `wine-8.0 (Debian 8.0~repack-4)`. */
  async version(): Promise<string> {
    return (await succeed(WINE, ['--version'], { env: this.#environment })).trim();
  }

  /** Compiles the DLL that Wine lacks, and puts it into the folder of the system. */
  async addRandomSource(): Promise<void> {
    const folder = join(this.#folder, 'random-source');
    mkdirSync(folder);
    writeFileSync(join(folder, 'random-source.c'), RANDOM_SOURCE);
    const dll = join(this.#folder, 'drive_c/windows/system32/bcryptprimitives.dll');
    const options = ['-shared', '-O2', '-nostdlib', '-Wl,--entry,0', 'random-source.c', '-o', dll, '-ladvapi32'];
    await succeed('x86_64-w64-mingw32-gcc', options, { cwd: folder, signal: this.#signal });
  }

  /**
   * Runs a Windows program. Its stdout and stderr go to the file `log`, because Node for Windows cannot print to a pipe of
   * Linux.
   * @param path The folders in which Windows looks for programs first.
   * @returns The exit code, and what the program printed.
   */
  async run(
    args: readonly string[],
    { cwd, log, path, env }: { cwd: string; log: string; path: string; env: NodeJS.ProcessEnv },
  ): Promise<{ code: number | null; output: string }> {
    const file = openSync(log, 'w');
    const limit = AbortSignal.timeout(PROGRAM_LIMIT_MS);
    try {
      const { code } = await runToEnd([WINE, ...args], {
        cwd,
        env: { ...this.#environment, WINEPATH: path, ...env },
        stdio: ['ignore', file, file],
        signal: AbortSignal.any([this.#signal, limit]),
      });
      return { code, output: readFileSync(log, 'utf8') };
    } catch (error) {
      if (!limit.aborted) throw error;
      const text = `It had not ended after ${PROGRAM_LIMIT_MS / 1000} s, so it was ended.`;
      return { code: null, output: `${readFileSync(log, 'utf8')}\n${text}` };
    } finally {
      closeSync(file);
    }
  }

  /** Ends every program of this Windows, and waits for the end of its server. */
  async end(): Promise<void> {
    // Both fail if no server runs.
    for (const how of ['--kill', '--wait']) await runToEnd([WINESERVER, how], { env: this.#environment });
  }
}
