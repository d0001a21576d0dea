// node scripts/run.mjs PROGRAM [ARGUMENT...]: prepares the tree, then runs PROGRAM in the same process. So PROGRAM has
// the arguments, the exit code, the signals and the standard streams of this process.
//
// package.json starts this file with `exec`, because npm runs a script with `sh -c`. If sh is dash, the shell stays
// between npm and the program. A SIGTERM ends the shell, and the shell does not pass the signal on. Then npm ends
// before the program and without the program's exit code. A SIGINT to npm has no effect then. The cmd of Windows has no
// `exec`, so it finds exec.cmd in the root folder.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import './prepare.mjs';

const program = resolve(process.argv[2] ?? '');
process.argv.splice(1, 2, program);
await import(pathToFileURL(program).href);
