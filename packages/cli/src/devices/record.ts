import { closeSync, fsyncSync, lstatSync, openSync, rmSync, writeFileSync } from 'node:fs';
import type { ClientOptions } from '@bluetap/sdk';
import { environment, record } from '@bluetap/sdk/diagnostics';
import type { Command } from 'commander';
import { valueOption } from '../input/options.js';
import { note } from '../output/output.js';
import { ExitCode, Failure } from '../process/exit-code.js';
import { version } from '../process/version.js';
import type { NamedTransport } from './transport.js';

/** The options for a record. Every command that opens a session has them. */
export interface RecordArguments {
  readonly record?: string;
  readonly recordUnredacted?: true;
}

export function addRecordOptions(command: Command): Command {
  return command
    .addOption(
      valueOption('--record <file>', 'write the session to a new file for a report, without amounts and order ids'),
    )
    .option('--record-unredacted', 'with --record: keep amounts and order ids');
}

/** A transport, recorded or not, with the options of the client that make the record complete. */
export interface RecordedTransport extends NamedTransport {
  readonly client: Pick<ClientOptions, 'logger' | 'redact'>;
}

/** The part of node:fs that a record needs. */
export const system = { openSync, writeFileSync, fsyncSync, closeSync, rmSync };

/**
 * Wraps a transport, so that the session is written to the file of `--record`. The file must be new: an existing file
 * is never replaced and never extended. Each line is written before the program continues, so that the file of a killed
 * process contains everything that happened before. If the file cannot be written any more, the record ends with one
 * warning. The command continues.
 * @throws Failure (exit code 64) if the file cannot be created. Then no device was opened.
 */
export function recorded(
  named: NamedTransport,
  { record: path, recordUnredacted }: RecordArguments,
  files: typeof system = system,
): RecordedTransport {
  if (path === undefined) {
    if (recordUnredacted) throw new Failure(ExitCode.USAGE, '--record-unredacted needs --record FILE.');
    return { ...named, client: {} };
  }
  const file = new RecordFile(path, files);
  const { sdk: _, ...about } = environment();
  const recording = record(named.transport, {
    write: (line) => file.write(line),
    redact: !recordUnredacted,
    about: { ...about, bluetap: version() },
  });
  file.started();
  return {
    transport: recording.transport,
    // The record itself replaces private values, and uses the same placeholder for the same value.
    client: { logger: recording.logger, redact: false },
    close: async () => {
      await named.close();
      recording.end();
      file.close();
    },
  };
}

class RecordFile {
  readonly #path: string;
  readonly #files: typeof system;
  readonly #descriptor: number;
  #started = false;
  #failure: unknown;

  constructor(path: string, files: typeof system) {
    this.#path = path;
    this.#files = files;
    try {
      // A record contains sales data, so only its owner may read it.
      this.#descriptor = files.openSync(path, 'wx', 0o600);
    } catch (cause) {
      throw cannot(path, cause);
    }
  }

  /**
   * Called after the header. If the header could not be written, ends the command. A later error ends only the record.
   */
  started(): void {
    if (this.#failure === undefined) {
      this.#started = true;
      return;
    }
    this.close();
    const failure = cannot(this.#path, this.#failure);
    // The file is new and empty. If it stayed, the next attempt would fail because the file exists.
    this.#try(() => this.#files.rmSync(this.#path));
    throw failure;
  }

  write(line: string): void {
    if (this.#failure === undefined) this.#try(() => this.#files.writeFileSync(this.#descriptor, line));
  }

  close(): void {
    if (this.#failure === undefined) this.#try(() => this.#files.fsyncSync(this.#descriptor));
    this.#try(() => this.#files.closeSync(this.#descriptor));
  }

  /** Warns about the first error only. */
  #try(work: () => void): void {
    try {
      work();
    } catch (cause) {
      if (this.#failure === undefined && this.#started) {
        note(`bluetap: --record: ${describe(cause, this.#path)}. The record ends here. The command continues.`);
      }
      this.#failure ??= cause;
    }
  }
}

function cannot(path: string, cause: unknown): Failure {
  return new Failure(ExitCode.USAGE, `--record: ${describe(cause, path)}. Nothing was sent.`, { cause });
}

function describe(cause: unknown, path: string): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const file = JSON.stringify(path);
  switch (code) {
    case 'EEXIST':
      return `${file} ${describeExisting(path)}`;
    case 'ENOENT':
    case 'ENOTDIR':
      return `the folder of ${file} does not exist: create it, or name another file`;
    default:
      return `${file} cannot be written: ${message}`;
  }
}

/** Suggests to delete only an ordinary file. It can be an earlier record. /dev/stdout is a symbolic link. */
function describeExisting(path: string): string {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return 'is a folder: name a new file, in this folder or in another one';
  if (stats && !stats.isFile())
    return 'exists and is not an ordinary file, and a record is always a new file: name another file';
  return 'exists, and a record never replaces a file: name another file, or delete this one';
}
