#!/usr/bin/env node
import { run } from './program.js';

// A reader that has gone (`| head`) is no failure of the command: its exit code still tells how it went.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

// The process ends by itself, because nothing is left open; an exit() here would hide it if that were not so.
void run(process.argv.slice(2));
