import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { exitCodeOfReport, judgeHost } from '@bluetap/conformance';
import { describe, expect, test } from 'vitest';
import { hostProgram, rogueProgram, withMistake } from './hosts.js';

const ONE = ['a PAY'];
const FEW = ['a PAY', 'a PAY with an unknown payment method'];
/** Shorter than the default, so that the tests need not wait for it. */
const LIMIT_MS = 400;

describe('a host that misbehaves as a process', () => {
  test.each([
    ['never-ends', 'The host did not end in time and was killed.'],
    ['ignores-signals', 'The host did not end in time and was killed.'],
    ['prints-without-end', 'The host printed more than 8 megabytes and was killed.'],
    ['floods', 'The host sent so many bytes that the device was unplugged.'],
    ['crashes', 'The host was ended by SIGSEGV.'],
  ])('%s', async (what, said) => {
    const endsLate = ['never-ends', 'ignores-signals'].includes(what);
    const timeoutMs = endsLate ? LIMIT_MS : undefined;
    const report = await judgeHost({ command: rogueProgram(what), situations: ONE, timeoutMs });
    expect(report).toMatchObject({ ending: 'complete' });
    expect(report.cases[0]?.verdict).toBe('failed');
    expect(report.cases[0]?.came).toContain(said);
    expect(exitCodeOfReport(report)).toBe(1);
  });

  test.each(['fails', 'prints-nonsense'])('%s: the wire alone is judged', async (what) => {
    const { cases, notes } = await judgeHost({ command: rogueProgram(what), situations: ONE });
    expect(cases[0]).toMatchObject({ verdict: 'failed', came: expect.stringContaining('The host sent nothing') });
    expect(notes.join()).toContain('wire only');
  });

  test('what it leaves behind ends with it', async () => {
    const server = createServer();
    const ended = once(server, 'connection').then(async ([socket]) => once(socket as Socket, 'close'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const command = [...rogueProgram('leaves-a-child'), `${port}`];
    const { cases } = await judgeHost({ command, situations: ONE, lines: false });
    // The result was read although the child held stdout open.
    expect(cases[0]?.came).toContain('outcome not-sent');
    expect(cases[0]?.came).not.toContain('killed');
    await ended;
    await new Promise((resolve) => server.close(resolve));
  });

  test('a host that never ends does not take the time of every situation', async () => {
    const { cases, ending, problem } = await judgeHost({ command: rogueProgram('never-ends'), timeoutMs: 50 });
    expect(ending).toBe('stopped');
    expect(problem).toMatch(/^The host had to be killed \d+ times, so the run was ended\. /);
    expect(cases.filter(({ verdict }) => verdict === 'not applicable').length).toBeGreaterThan(50);
  });

  test('with lines, a host that reads no call', async () => {
    const command = rogueProgram('never-ends');
    const { cases } = await judgeHost({ command, lines: true, situations: ONE, timeoutMs: LIMIT_MS });
    expect(cases[0]?.came).toContain('The host did not end in time and was killed.');
  });
});

test('a command that does not exist leaves a report without a verdict', async () => {
  const report = await judgeHost({ command: ['/nowhere/host'], situations: FEW });
  expect(report.ending).toBe('stopped');
  expect(report.problem).toContain('The host could not be started: ');
  expect(report.counts).toMatchObject({ proven: 0, failed: 0 });
  expect(exitCodeOfReport(report)).toBe(3);
});

test('an aborted run keeps its report', async () => {
  const stop = new AbortController();
  const told: string[] = [];
  const onCase = ({ name }: { name: string }) => {
    told.push(name);
    stop.abort();
  };
  const situations = ['a PAY', 'PAY in doubt: not executed'];
  const report = await judgeHost({ command: hostProgram, situations, signal: stop.signal, onCase });
  expect(report.ending).toBe('stopped');
  expect(report.cases.slice(0, 2).map(({ verdict }) => verdict)).toEqual(['proven', 'not applicable']);
  expect(told).toEqual(report.cases.map(({ name }) => name));
});

test('a host that was aborted before the start is not run', async () => {
  const report = await judgeHost({ command: hostProgram, situations: ONE, signal: AbortSignal.abort() });
  expect(report).toMatchObject({ ending: 'stopped', counts: { proven: 0, failed: 0 } });
});

test('a host without facts is judged on the wire alone', async () => {
  const situations = ['a PAY', 'CANCEL: executed with fewer taps than were told before'];
  const { cases, notes } = await judgeHost({ command: withMistake('says-nothing'), situations });
  expect(notes[0]).toMatch(/^wire only: /);
  expect(cases[0]).toMatchObject({ verdict: 'proven' });
  expect(cases[0]?.rules).not.toContain('R-84');
  expect(cases[1]).toMatchObject({ verdict: 'not applicable', why: expect.stringContaining('prints none') });
});

test.each([
  [undefined, 'command must be an array'],
  [{ command: [] }, 'command must be an array'],
  [{ command: ['a', 1] }, 'command must be an array'],
  [{ command: ['a'], lines: 1 }, 'lines must be true or false'],
  [{ command: ['a'], onCase: 1 }, 'onCase must be a function'],
  [{ command: ['a'], timeoutMs: 0 }, 'timeoutMs must be a number'],
  [{ command: ['a'], only: ['R-34'] }, 'only must be an array of members of RULES'],
  [{ command: ['a'], situations: ['a pay'] }, 'situations must be an array of members of hostCases()'],
  [{ command: ['a'], sitations: [] }, 'sitations'],
])('wrong options %j', async (options, message) => {
  await expect(judgeHost(options as unknown as Parameters<typeof judgeHost>[0])).rejects.toThrow(message);
});
