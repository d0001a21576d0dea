// Tests devices that answer late or never, that stall, or that lose their power. All transports run at the same time,
// each with its own device.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { devices } from './device-controller.js';
import { nextEvent } from './next-event.js';
import { openAllPos, type Pos } from './pos-per-transport.js';

const paymentMethod = 'TRUEMONEY';

describe('trouble', { timeout: 120_000 }, () => {
  let posPrograms: Pos[] = [];
  const each = (work: (pos: Pos) => Promise<void>) => Promise.all(posPrograms.map(work));
  before(async () => {
    posPrograms = await openAllPos();
    // Other programs may have taken the sessions.
    for (const { client } of posPrograms) await client.status();
  });

  test('a reply comes too late: the POS repeats the PAY, and the device executes it once', async () => {
    await each(async ({ name, device, client }) => {
      const orderId = `LATE-${name}`;
      await devices.tell(device, 'use', { behaviour: 'delayReplies', args: [1300, { type: 'PAY', times: 1 }] });
      const { code, outcome } = await client.pay({ paymentMethod, orderId });
      assert.deepEqual([code, outcome], ['SUCCESS', 'executed']);
      assert.equal(await devices.executions(device, orderId), 1);
    });
  });

  test('a device does not answer: the PAY is in doubt until the device answers', async () => {
    await each(async ({ name, device, client }) => {
      const orderId = `NEVER-${name}`;
      // The device executes the first copy and then sends no reply to any host.
      await devices.tell(device, 'use', { behaviour: 'loseReplies', args: [1000] });
      const result = await client.pay({ paymentMethod, orderId }, { timeoutMs: 4000 });
      assert.deepEqual([result.outcome, result.pending], ['unknown', true]);
      assert.match(result.code, /^(UNKNOWN_EXCEPTION|DEVICE_DISCONNECTED)$/);
      const resolved = nextEvent(client, 'resolved');
      await devices.tell(device, 'behave');
      assert.deepEqual([(await resolved).outcome, (await resolved).linkLive], ['executed', 'yes']);
      assert.equal(await devices.executions(device, orderId), 1);
    });
  });

  test('a device stalls the direction in: the POS pays', async () => {
    await each(async ({ name, device, client, functionName }) => {
      await devices.tell(device, 'halt', { functionName, direction: 'in' });
      const orderId = `STALL-${name}`;
      const { code, error } = await client.pay({ paymentMethod, orderId }, { timeoutMs: 30_000 });
      assert.equal(code, 'SUCCESS', error?.message);
      assert.equal(await devices.executions(device, orderId), 1);
    });
  });

  test('a device stalls the direction out: the result of the PAY is correct, and the next PAY succeeds', async () => {
    // Only the transport for USB can clear the stall. See the next test for the other transports.
    const pos = posPrograms.find(({ name }) => name === 'USB');
    assert.ok(pos);
    const { device, client, functionName } = pos;
    await devices.tell(device, 'halt', { functionName, direction: 'out' });
    const result = await client.pay({ paymentMethod, orderId: 'STALLED' }, { timeoutMs: 30_000 });
    assert.deepEqual([result.code, result.outcome], ['PROCESS_FAIL', 'not-executed'], result.error?.message);
    assert.equal(await devices.executions(device, 'STALLED'), 0);
    const again = await client.pay({ paymentMethod, orderId: 'UNSTALLED' }, { timeoutMs: 30_000 });
    assert.equal(again.code, 'SUCCESS', again.error?.message);
  });

  test('a device stalls the direction out of a kernel driver, which does not clear it: the PAY is in doubt until the replug', async () => {
    await each(async ({ name, device, client, functionName }) => {
      if (name === 'USB') return;
      const orderId = `DEAF-${name}`;
      await devices.tell(device, 'halt', { functionName, direction: 'out' });
      const result = await client.pay({ paymentMethod, orderId }, { timeoutMs: 3000 });
      assert.deepEqual([result.outcome, result.pending], ['unknown', true], result.error?.message);
      if (name === 'HID') assert.match(String(result.error?.message), /its endpoint stalls/);
      await devices.unplug(device);
      const resolved = nextEvent(client, 'resolved');
      await devices.plug(device);
      assert.equal((await resolved).outcome, 'not-executed');
      assert.equal(await devices.executions(device, orderId), 0);
      const again = await client.pay({ paymentMethod, orderId: `${orderId}-2` }, { timeoutMs: 30_000 });
      assert.equal(again.code, 'SUCCESS', again.error?.message);
    });
  });

  test('a device loses its power during a doubt: the outcome stays unknown, and the payment link is not live', async () => {
    await each(async ({ name, device, client }) => {
      const orderId = `POWER-${name}`;
      await devices.tell(device, 'use', { behaviour: 'loseReplies', args: [1000, { type: 'PAY' }] });
      const before = client.device?.bootId;
      const disconnected = nextEvent(client, 'disconnected');
      const giveUp = new AbortController();
      const paying = client.pay({ paymentMethod, orderId }, { signal: giveUp.signal, timeoutMs: 30_000 });
      await devices.shows(orderId);
      await devices.unplug(device, 'lost');
      await disconnected;
      giveUp.abort();
      assert.deepEqual([(await paying).code, (await paying).outcome], ['DEVICE_DISCONNECTED', 'unknown']);
      await devices.tell(device, 'behave');
      const [connected, resolved] = [nextEvent(client, 'connected'), nextEvent(client, 'resolved')];
      await devices.plug(device);
      assert.equal((await connected).state, 'idle');
      assert.notEqual((await connected).bootId, before);
      assert.deepEqual([(await resolved).outcome, (await resolved).linkLive], ['unknown', 'no']);
      const { code } = await client.pay({ paymentMethod, orderId: `${orderId}-2` });
      assert.equal(code, 'SUCCESS');
    });
  });
});
