import { closeSync, openSync, writeFileSync } from 'node:fs';
import { type ConformanceReport, reportJUnit } from '@bluetap/conformance';
import { note } from '../output/output.js';
import { ExitCode, Failure } from '../process/exit-code.js';

/** The files that a person asked for. */
export interface WantedReports {
  /** The file for the report as JSON. */
  readonly json?: string | undefined;
  /** The file for the report as JUnit XML. */
  readonly junit?: string | undefined;
}

interface OpenFile {
  readonly option: string;
  readonly path: string;
  readonly descriptor: number;
  readonly content: (report: ConformanceReport) => string;
}

/**
 * The report files of a run. They are opened before the run and are empty during it, so that the report of an earlier run
 * is never mistaken for the report of this one.
 */
export class ReportFiles {
  readonly #files: readonly OpenFile[];

  /** @throws Failure (exit code 64) if a file cannot be written. */
  constructor({ json, junit }: WantedReports) {
    if (json !== undefined && json === junit)
      throw new Failure(ExitCode.USAGE, '--json and --junit name the same file: name two files.');
    this.#files = [
      ...opened('--json', json, (report) => `${JSON.stringify(report, undefined, 2)}\n`),
      ...opened('--junit', junit, reportJUnit),
    ];
  }

  /** Writes the report into each file. A file that fails is told on stderr. Returns false if one failed. */
  write(report: ConformanceReport): boolean {
    let fine = true;
    for (const { option, path, descriptor, content } of this.#files) {
      try {
        writeFileSync(descriptor, content(report));
        closeSync(descriptor);
      } catch (cause) {
        note(`bluetap: ${problem(option, path, cause)}. The report is lost there.`);
        fine = false;
      }
    }
    return fine;
  }
}

function opened(option: string, path: string | undefined, content: OpenFile['content']): OpenFile[] {
  if (path === undefined) return [];
  if (path === '') throw new Failure(ExitCode.USAGE, `${option} must be the name of a file, but is "".`);
  try {
    return [{ option, path, descriptor: openSync(path, 'w'), content }];
  } catch (cause) {
    throw new Failure(ExitCode.USAGE, `${problem(option, path, cause)}. Nothing was sent.`, { cause });
  }
}

function problem(option: string, path: string, cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const file = JSON.stringify(path);
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return `${option}: the folder of ${file} does not exist: create it, or name another file`;
  return `${option}: ${file} cannot be written: ${message}`;
}
