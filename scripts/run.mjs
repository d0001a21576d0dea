// node scripts/run.mjs PROGRAM [ARGUMENT...]: prepares the tree, then runs PROGRAM in this same process, so that arguments,
// exit code, signals and standard streams are its own. package.json starts this with `exec`: a shell that stays between
// npm and the program dies of a SIGTERM without passing it on.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import './prepare.mjs';

const program = resolve(process.argv[2] ?? '');
process.argv.splice(1, 2, program);
await import(pathToFileURL(program).href);
