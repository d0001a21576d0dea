// Counts checks in the file that BLUETAP_RESULTS names. .ci/run adds up the counts of that file, and repeats the names
// of the failures at its end.
import { appendFileSync } from 'node:fs';

let failures = 0;

/** @param {string} name @param {string | undefined} problem undefined if the check passes */
export function check(name, problem) {
  console.log(problem ? `FAILED  ${name}\n${problem.trimEnd().replace(/^/gm, '        ')}` : `ok      ${name}`);
  if (problem) failures += 1;
  count(problem ? 'failed' : 'passed', 1, problem ? `${name}: ${firstLine(problem)}` : '');
}

/** @param {'passed' | 'failed'} result @param {number} number @param {string} [name] one line that names a failure */
export function count(result, number, name = '') {
  if (process.env['BLUETAP_RESULTS'])
    appendFileSync(process.env['BLUETAP_RESULTS'], `${`${result} ${number} ${name}`.trimEnd()}\n`);
}

/** Enough for the difference of two small objects. */
const MOST_REASON = 600;

/**
 * Counts the tests of a suite by what it has printed. Each failed test has a line with the word FAILED and its name. The
 * indented lines below it are the reason.
 * @param {{ passed: number, failed: number }} counted
 * @param {string} output
 */
export function countSuite({ passed, failed }, output) {
  const names = [...output.matchAll(/^[ \d]*(?:s {2})?FAILED +(.*)\n?((?:^ {4}.*\n?)*)/gm)].map(
    ([, name = '', lines = '']) => {
      const reason = lines.replaceAll(/\s+/g, ' ').trim().slice(0, MOST_REASON);
      return reason ? `${name.trim()}: ${reason}` : name.trim();
    },
  );
  count('passed', passed);
  for (let failure = 0; failure < failed; failure++) count('failed', 1, names[failure] ?? 'a failure without a name');
}

/** @param {string} text */
export function firstLine(text) {
  return text.trim().split('\n', 1)[0] ?? '';
}

// A failed check also makes the program fail, for people who run the program without .ci/run.
process.on('exit', (code) => {
  if (code === 0 && failures > 0) process.exitCode = 1;
});
