// Runs before every test file. A test fails if something prints output that the test does not expect. A test that
// expects output replaces the method with vi.spyOn(console, ...).
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
  if (text !== '') throw new Error(`the test does not expect this output:\n${text}`);
}

afterEach(complain);
afterAll(() => {
  // Test files share a process, so the original methods are restored for the next file.
  for (const put of undo) put();
  // Also complains about output outside a test: when the file was loaded, or when it was cleaned up.
  complain();
});
