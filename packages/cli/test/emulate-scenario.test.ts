import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { call, emulate, run, temporaryFolder } from './cli.js';

function scenario(...lines: string[]): string {
  const file = join(temporaryFolder(), 'scenario.jsonl');
  writeFileSync(file, lines.join('\n'));
  return file;
}

test('--scenario: a lost reply, and a tap when the PAY comes again', async () => {
  const file = scenario(
    '{"do":"lose-replies","type":"PAY"}',
    '# The host sends the PAY again.',
    '{"on":{"event":"repeat"},"do":"tap"}',
  );
  const { running, ready } = await emulate(['--tcp', '127.0.0.1:0', '--scenario', file]);
  const pay = ['pay', '--payment-method', 'TRUEMONEY', '--order-id', 'A1', '--transport', ready.tcp];
  expect(await call(pay)).toMatchObject({ code: 0 });
  expect(await running.event(({ event }) => event === 'behaviour')).toMatchObject({ effect: 'lost' });
  expect(await running.event(({ event }) => event === 'tap')).toMatchObject({ orderId: 'A1' });
});

test('--scenario: a mistake, or no file', async () => {
  const wrong = await run(['emulate', '--tcp', '0', '--scenario', scenario('{"do":"tap"}', '{"do":"fly"}')]);
  expect(wrong).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('scenario.jsonl, line 2: "do" must'),
  });
  const none = await run(['emulate', '--tcp', '0', '--scenario', '/nowhere/a.jsonl']);
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('/nowhere/a.jsonl cannot be read: ENOENT') });
});

test('--triggers: an order id loses its reply; the service says that triggers are on', async () => {
  const { running, ready } = await emulate(['--tcp', '127.0.0.1:0', '--triggers', '--control']);
  const pay = ['pay', '--payment-method', 'TRUEMONEY', '--order-id', 'TRY-LOSE-1', '--transport', ready.tcp];
  expect(await call(pay)).toMatchObject({ code: 0 });
  expect(await running.event(({ event }) => event === 'repeat')).toMatchObject({ serialNumber: 'EMU-0001' });
  const { origin, hash } = new URL(ready.control);
  const headers = { authorization: `Bearer ${hash.slice('#token='.length)}` };
  const overview = await (await fetch(`${origin}/v1`, { headers })).json();
  expect(overview).toMatchObject({ triggers: true, scenario: false, addresses: [ready.tcp] });
});
