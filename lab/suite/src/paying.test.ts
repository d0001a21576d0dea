// Tests the SDK from end to end, over each transport and over all transports at the same time. It does the work of a
// POS without any failure.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { connect } from '@bluetap/sdk';
import { devices } from './device-controller.js';
import { nextEvent } from './next-event.js';
import { openAllPos, type Pos, posDevices } from './pos-per-transport.js';
import { transports } from './transports.js';

describe('the SDK', () => {
  let posPrograms: Pos[] = [];
  before(async () => {
    posPrograms = await openAllPos();
  });

  test('does not choose between identical devices', { timeout: 120_000 }, async () => {
    // The client looks for its device until the time is over. The error contains the last list of devices.
    const refusal = /3 BlueTap devices.*Choose one by its serial number/;
    await Promise.all(
      transports.map(({ make }) => assert.rejects(connect({ transport: make(), timeoutMs: 10_000 }), refusal)),
    );
  });

  for (const [index, { name, make }] of transports.entries()) {
    const pos = (): Pos => posPrograms[index]!;

    describe(`over ${name}`, { timeout: 120_000 }, () => {
      test('distinguishes identical devices, and finds the device with a serial number', async () => {
        assert.equal(pos().client.device?.serialNumber, pos().device);
        assert.equal(pos().client.device?.simulated, true);
        const listed = await make().list();
        assert.deepEqual(listed.map(({ serialNumber }) => serialNumber).sort(), posDevices);
        assert.equal(new Set(listed.map(({ id }) => id)).size, posDevices.length);
      });

      test('pays with one transfer out and one transfer in', async () => {
        const { client, device, functionName } = pos();
        const before = await devices.tell(device, 'transfers');
        const orderId = `${name}-PAY`;
        const result = await client.pay({ paymentMethod: 'TRUEMONEY', amount: '120.00', orderId, expiryTime: 600 });
        assert.equal(result.code, 'SUCCESS', result.error?.message);
        assert.deepEqual([result.outcome, result.linkLive, result.remaining], ['executed', 'yes', 600]);
        const snapshot = await devices.tell(device, 'snapshot');
        const shown = [snapshot.state, snapshot.amount, snapshot.orderId, snapshot.paymentMethod];
        assert.deepEqual(shown, ['ready', '120.00', orderId, 'TRUEMONEY']);
        const after = await devices.tell(device, 'transfers');
        assert.deepEqual(
          [after[functionName].out - before[functionName].out, after[functionName].in - before[functionName].in],
          [1, 1],
        );
        for (const other of posPrograms.filter((each) => each !== pos()))
          assert.notEqual((await devices.tell(other.device, 'snapshot')).orderId, orderId);
      });

      test('asks for the status, receives a tap, and cancels', async () => {
        const { client, device } = pos();
        assert.equal((await client.status()).orderId, `${name}-PAY`);
        const heard = nextEvent(client, 'link');
        await devices.tell(device, 'tap');
        const link = await heard;
        assert.deepEqual([link.state, link.taps], ['ready', 1]);
        const result = await client.cancel();
        assert.deepEqual([result.code, result.taps], ['SUCCESS', 1]);
        assert.equal((await devices.tell(device, 'snapshot')).state, 'cancelled');
      });

      test('receives the expiry of a payment link', async () => {
        const heard = nextEvent(pos().client, 'link');
        await pos().client.pay({ paymentMethod: 'ALIPAY_CN', expiryTime: 1 });
        assert.equal((await heard).state, 'expired');
      });

      test('reports that a device refuses a PAY, and pays again', async () => {
        const { client, device } = pos();
        await devices.tell(device, 'use', { behaviour: 'refuse', args: [6, { type: 'PAY', times: 1 }] });
        const refused = await client.pay({ paymentMethod: 'SEVEN_11' });
        assert.deepEqual([refused.code, refused.outcome], ['PROCESS_FAIL', 'refused']);
        assert.equal((await client.pay({ paymentMethod: 'SEVEN_11' })).code, 'SUCCESS');
      });
    });
  }
});
