// Counts checks. .ci/run adds up what stands in the file that BLUETAP_RESULTS names.
import { appendFileSync } from 'node:fs';

let failures = 0;

/** @param {string} name @param {string | undefined} problem nothing, when the check holds */
export function check(name, problem) {
  console.log(problem ? `FAILED  ${name}\n${problem.trimEnd().replace(/^/gm, '        ')}` : `ok      ${name}`);
  if (problem) failures += 1;
  count(problem ? 'failed' : 'passed', 1);
}

/** @param {'passed' | 'failed'} result @param {number} number */
export function count(result, number) {
  if (process.env['BLUETAP_RESULTS']) appendFileSync(process.env['BLUETAP_RESULTS'], `${result} ${number}\n`);
}

// What was counted here is a failure of the program too, for people who run it by itself.
process.on('exit', (code) => {
  if (code === 0 && failures > 0) process.exitCode = 1;
});
