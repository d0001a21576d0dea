#!/usr/bin/env node
import { note } from './output/output.js';
import { ExitCode } from './process/exit-code.js';
import { run } from './program.js';

let told = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has gone (`| head`) is no failure of the command: its exit code still tells how it went.
  if (error.code === 'EPIPE' || told) return;
  told = true;
  note(`bluetap: stdout could not be written, so what was printed there is lost: ${error.message}.`);
  // What became of a PAY or a CANCEL stays true.
  process.exitCode ??= ExitCode.FAILED;
});
process.stderr.on('error', () => {});

// The process ends by itself, because nothing is left open; an exit() here would hide it if that were not so.
void run(process.argv.slice(2));
