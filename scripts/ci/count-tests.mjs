// node scripts/ci/count-tests.mjs REPORT: counts the tests in the JSON report of vitest. A skipped test has not passed.
// With CI=true it is a failure, because a machine that lacks a program must not look like a machine that passes.
import { existsSync, readFileSync } from 'node:fs';
import { check, count } from './checks.mjs';

const file = process.argv[2] ?? '';
if (!existsSync(file)) {
  check('npm test', 'it ended before any test ran');
  process.exit();
}
const report = JSON.parse(readFileSync(file, 'utf8'));
count('passed', report.numPassedTests);
count('failed', report.numFailedTests);
console.log(`${report.numPassedTests} tests passed, ${report.numFailedTests} failed`);
if (!report.success && report.numFailedTests === 0) check('npm test', 'it failed outside of the tests themselves');

const skipped = report.testResults
  .flatMap((/** @type {{ assertionResults: any[] }} */ suite) => suite.assertionResults)
  .filter((/** @type {{ status: string }} */ { status }) => status !== 'passed' && status !== 'failed')
  .map((/** @type {{ fullName: string }} */ { fullName }) => fullName);
if (skipped.length === 0) check('no test was skipped', undefined);
else if (process.env['CI'] === 'true') check('no test was skipped', skipped.join('\n'));
else console.log(`${skipped.length} tests were skipped:\n${skipped.join('\n')}`);
