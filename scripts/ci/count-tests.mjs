// node scripts/ci/count-tests.mjs REPORT: counts the tests in the JSON report of vitest. A skipped test has not passed.
// With CI=true it is a failure, because a machine that lacks a program must not look like a machine that passes.
import { existsSync, readFileSync } from 'node:fs';
import { check, count, firstLine } from './checks.mjs';

const file = process.argv[2] ?? '';
if (!existsSync(file)) {
  check('npm test', 'it ended before any test ran');
  process.exit();
}
const report = JSON.parse(readFileSync(file, 'utf8'));
count('passed', report.numPassedTests);
console.log(`${report.numPassedTests} tests passed, ${report.numFailedTests} failed`);
if (!report.success && report.numFailedTests === 0) {
  const files = report.testResults.filter((/** @type {{ status: string }} */ { status }) => status === 'failed');
  const names = files.map((/** @type {{ name: string, message: string }} */ { name, message }) => `${name} ${message}`);
  check('npm test', `it failed outside of the tests themselves ${names.join('\n')}`);
}

/** @type {Array<{ status: string, fullName: string, failureMessages?: string[] }>} */
const tests = report.testResults.flatMap((/** @type {{ assertionResults: any[] }} */ suite) => suite.assertionResults);
for (const { fullName, failureMessages } of tests.filter(({ status }) => status === 'failed'))
  count('failed', 1, `${fullName}: ${firstLine(failureMessages?.[0] ?? '')}`);

const skipped = tests
  .filter(({ status }) => status !== 'passed' && status !== 'failed')
  .map(({ fullName }) => fullName);
if (skipped.length === 0) check('no test was skipped', undefined);
else if (process.env['CI'] === 'true') check('no test was skipped', skipped.join('\n'));
else console.log(`${skipped.length} tests were skipped:\n${skipped.join('\n')}`);
