import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeHost } from '@bluetap/conformance';
import { Emulator } from '@bluetap/emulator';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { lateOnce, withMistake } from './hosts.js';

const folder = mkdtempSync(join(tmpdir(), 'bluetap-late-'));
afterAll(() => rmSync(folder, { recursive: true }));

const starts = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0);

/** Lets this process do nothing else. */
function block(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

// A repeat comes after a second of the protocol, so each run of these tests takes seconds.
describe('a machine that is late does not make a right host wrong', { timeout: 60_000 }, () => {
  test.concurrent.each([
    { name: 'a device that takes 400 ms for each answer', after: 1 },
    { name: 'HELLO: the reply to the first one is late', after: 2 },
    { name: 'PAY: the reply is late', after: 3 },
  ])('$name: the host is late once, after $after requests', async ({ name, after }) => {
    const file = join(folder, name.replaceAll(/\W/g, '-'));
    const { cases } = await judgeHost({ command: lateOnce(file, after), situations: [name] });
    expect(cases.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    expect(starts(file)).toBe(2);
  });

  // A timer can end within the last millisecond of a call. Then the host asks, and there is time for an answer.
  test.concurrent.each([
    'no reply to PAY until the time is up',
    'a doubt that is resolved later',
    'a call after a command that is in doubt',
  ])('%s: the host asks with HELLO at the end of its time', async (name) => {
    // It is no mistake.
    const { cases } = await judgeHost({
      command: withMistake('asks-when-time-is-up'),
      lines: true,
      situations: [name],
    });
    expect(cases.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
  });

  test('the device is late in the first run', async () => {
    const file = join(folder, 'device');
    const attached = vi.spyOn(Emulator.prototype, 'attach').mockImplementationOnce(function (this: Emulator, host) {
      const connection = this.attach(host);
      // The host has sent HELLO, and waits for a second.
      const receive = vi.spyOn(connection, 'receive').mockImplementationOnce((bytes) => {
        block(1300);
        receive.mockRestore();
        connection.receive(bytes);
      });
      return connection;
    });
    const { cases } = await judgeHost({ command: lateOnce(file, 0), situations: ['every reply comes twice'] });
    attached.mockRestore();
    expect(cases.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    expect(starts(file)).toBe(2);
  });

  test('the device is late in every run of a wrong host: it stays wrong, and the report names both', async () => {
    const busy = setInterval(() => block(150), 1);
    const { cases } = await judgeHost({ command: withMistake('no-repeat'), situations: ['PAY: one reply is lost'] });
    clearInterval(busy);
    const came = expect.stringMatching(/R-75: the host .* This machine made the device up to \d{3,} ms late\.$/);
    expect(cases[0]).toMatchObject({ verdict: 'failed', came });
  });
});
