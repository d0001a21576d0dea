import { socket } from '@bluetap/transport-socket';
import { expect, test } from 'vitest';
import { type ConformanceReport, type Hook, judgeDevice, judgeHost } from '../../src/index.js';
import { PythonProgram, pathOf } from './python-program.js';

/** This only ends a run that hangs. A run takes less than a minute, and most of it is waiting. */
const MOST_MS = 300_000;

/** The run is whole, and nothing failed. Returns why the rest of the cases is not applicable. */
function reasonsOf(report: ConformanceReport): string[] {
  const failed = report.cases.filter(({ verdict }) => verdict === 'failed');
  expect(failed.map(({ name, came }) => `${name}: ${came}`)).toEqual([]);
  expect(report).toMatchObject({ ending: 'complete', counts: { failed: 0 } });
  expect(report.counts.proven).toBeGreaterThan(0);
  const reasons = report.cases.flatMap(({ verdict, why }) => (verdict === 'not applicable' ? (why ?? '') : []));
  return [...new Set(reasons)].sort();
}

test(
  'the independent device keeps every rule, seen through two connections and with a hook over its stdin',
  async () => {
    const program = new PythonProgram('independent_device.py', ['--tcp', '127.0.0.1:0']);
    const address = await program.line();
    // The device does its commands before it reads a request that came after them.
    const hook: Hook = async (action) => {
      program.say(action);
      return action === 'tap' ? { ndef: Buffer.from(await program.line(), 'hex') } : {};
    };
    const declaration = { taps: 'read', noticesClosing: true, nfcFaultSwitch: true } as const;
    const report = await judgeDevice({ transport: socket(address), second: socket(address), declaration, hook });
    expect(report.subject).toMatchObject({ serialNumber: 'PYTHON-1', model: 'Independent', simulated: true });
    for (const why of reasonsOf(report))
      expect(why).toMatch(/exhaustive|neither reports nor transfers|no serial number before|says that it counts taps/);
    expect(await program.endInput()).toMatchObject({ code: 0, stderr: '' });
  },
  MOST_MS,
);

test.concurrent.each([
  { lines: false, words: [] },
  { lines: true, words: ['lines'] },
])(
  'the independent host keeps every rule of a host, with lines $lines',
  async ({ lines, words }) => {
    const report = await judgeHost({ command: ['python3', pathOf('independent_host.py'), ...words], lines });
    for (const why of reasonsOf(report)) expect(why).toMatch(/ on TCP, where this run reaches the host$/);
    expect(report.notes.join()).not.toMatch('wire only');
  },
  MOST_MS,
);
