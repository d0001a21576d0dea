import { closeSync, fsyncSync, lstatSync, openSync, rmSync, writeFileSync } from 'node:fs';
import type { ClientOptions } from '@bluetap/sdk';
import { environment, record } from '@bluetap/sdk/diagnostics';
import type { Command } from 'commander';
import { valueOption } from '../input/options.js';
import { note } from '../output/output.js';
import { ExitCode, Failure } from '../process/exit-code.js';
import { version } from '../process/version.js';
import type { NamedTransport } from './transport.js';

/** What every command takes that opens a session. */
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

/** A transport, recorded or not, and the options that the client needs so that the record is complete. */
export interface RecordedTransport extends NamedTransport {
  readonly client: Pick<ClientOptions, 'logger' | 'redact'>;
}

/** The part of node:fs that a record needs. */
export const system = { openSync, writeFileSync, fsyncSync, closeSync, rmSync };

/**
 * The transport that a person named, and what goes through it in the file that `--record` names. The file is a new one:
 * an existing one is neither overwritten nor continued. Each line is in it before the program goes on, so that a process
 * that is killed leaves all of what happened so far. A file that cannot be written any more ends the record, with one
 * warning, and nothing else.
 * @throws Failure (exit code 64) when the file cannot be created; nothing has been opened then.
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
    // The record redacts for itself, with the same placeholder for the same value.
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
      // A record holds sales data, so only its owner may read it.
      this.#descriptor = files.openSync(path, 'wx', 0o600);
    } catch (cause) {
      throw cannot(path, cause);
    }
  }

  /** The header is written, or was to be: until here a failure ends the command, from here on only the record. */
  started(): void {
    if (this.#failure === undefined) {
      this.#started = true;
      return;
    }
    this.close();
    const failure = cannot(this.#path, this.#failure);
    // It is new and nothing stands in it; left there, it would be in the way of the next try.
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

  /** Warns of the first failure alone. */
  #try(work: () => void): void {
    try {
      work();
    } catch (cause) {
      if (this.#failure === undefined && this.#started) {
        note(`bluetap: --record: ${describe(cause, this.#path)}. The record ends here; the command goes on.`);
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
      return `there is no such folder as that of ${file}`;
    default:
      return `${file} cannot be written: ${message}`;
  }
}

/** Only what can be a record of before is to be deleted: no folder, and no /dev/stdout, which is a symbolic link. */
function describeExisting(path: string): string {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return 'is a folder; name a new file, in it or elsewhere';
  if (stats && !stats.isFile()) return 'exists and is no ordinary file, and a record is always a new one; name another';
  return 'exists, and a record never replaces a file; name another one, or delete it';
}
