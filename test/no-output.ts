// Runs before every test file: a test fails when something is printed that it did not ask for. A test that expects output
// replaces the method with vi.spyOn(console, ...) as usual.
import { format } from 'node:util';
import { afterAll, afterEach } from 'vitest';

const printed: string[] = [];
const undo: Array<() => void> = [];

for (const method of ['debug', 'dir', 'error', 'info', 'log', 'table', 'trace', 'warn'] as const) {
  const original = console[method];
  console[method] = (...args: unknown[]) => void printed.push(`console.${method}: ${format(...args)}`);
  undo.push(() => Object.assign(console, { [method]: original }));
}
for (const stream of [process.stdout, process.stderr]) {
  const original = stream.write;
  stream.write = (chunk: string | Uint8Array) => {
    printed.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    return true;
  };
  undo.push(() => Object.assign(stream, { write: original }));
}
function complain() {
  const text = printed.splice(0).join('\n');
  if (text !== '') throw new Error(`something was printed that the test did not expect:\n${text}`);
}

afterEach(complain);
afterAll(() => {
  // Test files share their process, so the next one must find everything as it was.
  for (const put of undo) put();
  // What came outside of a test, while the file was loaded or cleaned up.
  complain();
});
