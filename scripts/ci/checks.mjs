// Counts checks in the file that BLUETAP_RESULTS names. .ci/run adds up the counts of that file.
import { appendFileSync } from 'node:fs';

let failures = 0;

/** @param {string} name @param {string | undefined} problem undefined if the check passes */
export function check(name, problem) {
  console.log(problem ? `FAILED  ${name}\n${problem.trimEnd().replace(/^/gm, '        ')}` : `ok      ${name}`);
  if (problem) failures += 1;
  count(problem ? 'failed' : 'passed', 1);
}

/** @param {'passed' | 'failed'} result @param {number} number */
export function count(result, number) {
  if (process.env['BLUETAP_RESULTS']) appendFileSync(process.env['BLUETAP_RESULTS'], `${result} ${number}\n`);
}

// A failed check also makes the program fail, for people who run the program without .ci/run.
process.on('exit', (code) => {
  if (code === 0 && failures > 0) process.exitCode = 1;
});
