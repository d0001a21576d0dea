#!/usr/bin/env node
import { note } from './output/output.js';
import { ExitCode } from './process/exit-code.js';
import { run } from './program.js';

let told = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A closed reader (`| head`) is not an error of the command. The exit code still says what the command did.
  if (error.code === 'EPIPE' || told) return;
  told = true;
  note(`bluetap: stdout could not be written, so what was printed there is lost: ${error.message}.`);
  // The exit code of a PAY or a CANCEL does not change, because it is still true.
  process.exitCode ??= ExitCode.FAILED;
});
process.stderr.on('error', () => {});

// The process ends without exit(), because nothing is open then. exit() would hide a handle that is left open.
void run(process.argv.slice(2));
