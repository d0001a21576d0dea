import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { call, main, Running, run } from './cli.js';

test("demo sends the four commands of the vendor's sample", async () => {
  const { code, stdout, stderr } = await run(['demo']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('SIMULATED. SUCCESS means that it shows the payment link, never that anyone has paid.');
  const rows = stdout.split('\n').map((line) => line.split(/ {2,}/));
  for (const method of ['TRUEMONEY', 'SEVEN_11', 'ALIPAY_PLUS']) {
    const link = `https://bluetap.example/pay/${method}?expires=900`;
    expect(stdout).toMatch(new RegExp(`^${method} +SUCCESS +\\d+\\.\\d\\d ms {2}${link.replace('?', '\\?')}$`, 'm'));
  }
  expect(rows.find(([name]) => name === 'Test')).toMatchObject({
    1: 'PARAM_ILLEGAL',
    3: expect.stringMatching(/^none: /),
  });
});

test('demo sends the command that the options describe', async () => {
  const command = ['demo', '--payment-method', 'ALIPAY_CN', '--amount', '120.00', '--order-id', 'A1'];
  const { code, stdout } = await call([...command, '--expiry-time', '60']);
  expect(code).toBe(0);
  expect(stdout).toContain('https://bluetap.example/pay/ALIPAY_CN?amount=120.00&order=A1&expires=60');
  expect(stdout).not.toContain('TRUEMONEY');
});

test('demo refuses a broken field', async () => {
  expect(await call(['demo', '--amount', '1'])).toMatchObject({ code: 2, stdout: '' });
  expect(await call(['demo', '--payment-method', 'Test'])).toMatchObject({ code: 2, stdout: '' });
});

test.runIf(existsSync('/usr/bin/script'))('a terminal gets colours, unless NO_COLOR is set', async () => {
  const inTerminal = (env: NodeJS.ProcessEnv) =>
    new Running('script', ['-qec', `'${process.execPath}' '${main}' demo`, '/dev/null'], {
      // In a CI job, Node assumes that a terminal has no colours.
      env: { TERM: 'xterm-256color', CI: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }).ended;
  const [colour, plain] = await Promise.all([inTerminal({}), inTerminal({ NO_COLOR: '1' })]);
  expect(colour.stdout).toContain('\u001b[32mSUCCESS');
  expect(plain.stdout).toContain('SUCCESS');
  expect(plain.stdout).not.toContain('\u001b');
});
