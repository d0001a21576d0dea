// node scripts/run.mjs PROGRAM [ARGUMENT...]: prepares the tree, then runs PROGRAM in this same process, so that
// arguments, exit code, signals and standard streams are its own. package.json starts this with `exec`: npm runs a
// script by `sh -c`, and where sh is dash, that shell stays between npm and the program. A SIGTERM ends it, and it does
// not pass the signal on. npm then ends before the program does and without its exit code, and a SIGINT to npm has no
// effect. Windows' cmd has no exec, and finds exec.cmd in this folder.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import './prepare.mjs';

const program = resolve(process.argv[2] ?? '');
process.argv.splice(1, 2, program);
await import(pathToFileURL(program).href);
