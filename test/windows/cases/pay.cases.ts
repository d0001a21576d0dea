// Pays with the command `bluetap` over TCP and over a COM port. The device is emulated on Linux.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { bluetap } from './bluetap.js';
import { device } from './control.js';

const ORDER = ['--payment-method', 'TRUEMONEY', '--amount', '120.00', '--order-id', 'POS1-0042'];
const transports = {
  'a COM port': `serial:${process.env['BLUETAP_TEST_COM']}`,
  TCP: process.env['BLUETAP_TEST_TCP']!,
};

for (const [name, transport] of Object.entries(transports)) {
  describe(`over ${name}`, () => {
    // A reset would move the pseudo-terminal to another path.
    beforeEach(async () => {
      await device('remove-behaviours');
      await device('nfc-fault', { fault: 'none' });
    });

    /** Runs a command with --json. Its stderr must be empty. */
    async function json(...args: readonly string[]): Promise<{ code: number | null; told: Record<string, unknown> }> {
      const { code, out, err } = await bluetap(...args, '--transport', transport, '--json');
      assert.equal(err, '');
      return { code, told: JSON.parse(out) };
    }

    test('pay, status, tap, cancel', async () => {
      const paid = await json('pay', ...ORDER);
      assert.equal(paid.code, 0);
      const { code, outcome, linkLive, state } = paid.told;
      assert.deepEqual(
        { code, outcome, linkLive, state },
        { code: 'SUCCESS', outcome: 'executed', linkLive: 'yes', state: 'ready' },
      );
      await device('tap');
      const status = await json('status');
      assert.deepEqual([status.code, status.told['taps'], status.told['orderId']], [0, 1, 'POS1-0042']);
      const cancelled = await json('cancel', '--order-id', 'POS1-0042');
      assert.deepEqual([cancelled.code, cancelled.told['state'], cancelled.told['linkLive']], [0, 'cancelled', 'no']);
    });

    test('info says that the device is simulated', async () => {
      const { code, told } = await json('info');
      assert.equal(code, 0);
      assert.equal((told['device'] as { simulated: boolean }).simulated, true);
    });

    test('a lost reply is found out: the command was executed once', async () => {
      const before = await counters();
      await device('lose-replies', { times: 1, type: 'PAY' });
      const { code, told } = await json('pay', ...ORDER);
      assert.deepEqual([code, told['outcome']], [0, 'executed']);
      const after = await counters();
      assert.deepEqual([after.paymentLinks - before.paymentLinks, after.repeats - before.repeats], [1, 1]);
    });

    test('2: a field is illegal, and nothing was sent', async () => {
      const { code, out, err } = await bluetap('pay', '--transport', transport, '--payment-method', 'Test', '--json');
      assert.deepEqual({ code, out }, { code: 2, out: '' });
      assert.match(err, /reason 2/);
    });

    test('4: the NFC part of the device is broken', async () => {
      await device('nfc-fault', { fault: 'now' });
      const { code, told } = await json('pay', ...ORDER);
      assert.deepEqual([code, told['code'], told['outcome']], [4, 'PROCESS_FAIL', 'refused']);
    });
  });
}

// The restart moves the pseudo-terminal of the COM port to another path, so this test is the last one.
test('5 over TCP: the device restarted after it had executed the command, so the outcome is not known', async () => {
  await device('restart-after-executing');
  const { code, out } = await bluetap('pay', '--transport', transports.TCP, ...ORDER, '--timeout', '3000', '--json');
  const told = JSON.parse(out);
  assert.deepEqual([code, told.code, told.outcome], [5, 'UNKNOWN_EXCEPTION', 'unknown']);
});

async function counters(): Promise<{ readonly paymentLinks: number; readonly repeats: number }> {
  return (await device('counters')) as { paymentLinks: number; repeats: number };
}
