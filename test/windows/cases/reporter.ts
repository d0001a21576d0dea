import type { TestEvent } from 'node:test/reporters';
import { reportAs } from '../../../lab/suite/src/test-reporter.js';

/** The reporter of the cases, for node:test. test/windows/src/main.ts reads the line with the count. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string, void> {
  yield* reportAs('Windows programs', events);
}
