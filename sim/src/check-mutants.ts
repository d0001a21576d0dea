import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { mutants } from './mutants/all.js';

/** Runs every mutant until a seed finds it. Exits with 1 if 10,000 seeds do not find a mutant, or if it does not load. */
const SEEDS = '10000';
const program = fileURLToPath(new URL('./run-mutant.js', import.meta.url));

const waiting = [...mutants];
let survivors = 0;
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await check(next.name);
  }),
);
console.log(`${mutants.length - survivors} of ${mutants.length} seeded mistakes were found`);
process.exitCode = survivors === 0 ? 0 : 1;

function check(name: string): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, name, '--seeds', SEEDS, '--quiet']);
    let output = '';
    let found: RegExpExecArray | null = null;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        found ??= /^seed (\d+) fails: .*\n/m.exec(output);
        // Then the program shrinks the script, which only a person needs.
        if (found) child.kill();
      });
    child.once('close', () => {
      if (!found) survivors++;
      console.log(found ? `found by seed ${found[1]?.padStart(5)}: ${name}` : `SURVIVED: ${name}\n${output}`);
      resolve();
    });
  });
}
