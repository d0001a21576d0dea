// Prints the results of a suite: a line for each test, the reason of each failure, and the count that the program reads
// that has started the suite.
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

/** The error that node:test reports for a failed test. Its cause is the error of the test. */
interface TestFailure extends Error {
  readonly failureType?: string;
}

/** The reporter of the kernel suite, for node:test. It must be a generator: node:test looks at the kind of function. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string, void> {
  yield* reportAs('kernel suite', events);
}

/** A reporter for node:test. `title` is the name of the suite in the line with the count. */
export async function* reportAs(title: string, events: AsyncIterable<TestEvent>): AsyncGenerator<string, void> {
  const started = performance.now();
  const count = { passed: 0, failed: 0 };
  /** The names of the suites that run now, by depth. */
  const path: string[] = [];
  for await (const { type, data } of events) {
    if (type === 'test:start') path[data.nesting] = data.name;
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const name = [...path.slice(0, data.nesting), data.name].join(': ');
    const time = `${(data.details.duration_ms / 1000).toFixed(1)} s`;
    const isSuite = data.details.type === 'suite';
    // A test that was skipped has not passed.
    const passed = type === 'test:pass' && data.skip === undefined && data.todo === undefined;
    if (isSuite && passed) continue;
    const error: TestFailure | undefined = type === 'test:fail' ? data.details.error : undefined;
    // If a test of a suite failed, the reporter has printed it already. Otherwise a hook of the suite has failed.
    if (isSuite && error?.failureType === 'subtestsFailed') continue;
    count[passed ? 'passed' : 'failed']++;
    const elapsed = ((performance.now() - started) / 1000).toFixed(0).padStart(4);
    yield `${elapsed} s  ${passed ? 'ok     ' : 'FAILED '} ${name} (${time})\n`;
    if (!passed) yield `${inspect(error?.cause ?? error ?? 'skipped').replace(/^/gm, '    ')}\n`;
  }
  yield `${title}: ${count.passed} passed, ${count.failed} failed\n`;
}
