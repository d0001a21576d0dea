// Tests who may open a device: an ordinary user without and with the udev rule, and a second program.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connect } from '@bluetap/sdk';
import { devices } from './device-controller.js';
import { applyRules } from './kernel-devices.js';
import { PosProcess } from './pos-process.js';
import { transports } from './transports.js';

const device = 'KERNEL-1';
const bluetap = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url));
const RULES = '/run/udev/rules.d/70-bluetap.rules';

describe('an ordinary user', { timeout: 120_000 }, () => {
  // This user is in the group of the udev rule. The group without the rule gives no access.
  const pos = new PosProcess(['setpriv', '--reuid=nobody', '--regid=nogroup', '--groups=plugdev']);
  before(() => devices.plug(device));
  after(async () => {
    rmSync(RULES, { force: true });
    assert.equal(await pos.end(), 0);
  });

  for (const { name: transport } of transports)
    test(`may not open the device over ${transport}, and the error says what to do`, async () => {
      const { code, message } = await pos.pay({ transport, device, orderId: 'DENIED' });
      assert.equal(code, 'permission-denied', message);
      assert.match(message ?? '', /this user may not open .*: install the udev rule that `bluetap udev-rules` prints/);
    });

  test('may open the device with the rule that bluetap udev-rules prints, and pays over each transport', async () => {
    mkdirSync('/run/udev/rules.d', { recursive: true });
    writeFileSync(RULES, execFileSync(process.execPath, [bluetap, 'udev-rules']));
    await applyRules();
    for (const { name: transport } of transports) {
      const { code, message } = await pos.pay({ transport, device, orderId: `USER-${transport}` });
      assert.equal(code, 'SUCCESS', message);
    }
  });

  test('may open the device after a replug too', async () => {
    await devices.unplug(device);
    const { folder, ...files } = await devices.plug(device);
    const modes = Object.values(files).map((file) => statSync(file).mode & 0o777);
    assert.deepEqual(modes, [0o660, 0o660, 0o660]);
  });
});

describe('a second program', { timeout: 120_000 }, () => {
  const second = new PosProcess();
  before(() => devices.plug(device));
  after(async () => assert.equal(await second.end(), 0));

  for (const { name: transport, make } of transports)
    test(`${transport === 'HID' ? 'takes the session, and the first program takes it back' : 'finds the device busy'}, over ${transport}`, async () => {
      const client = await connect({ transport: make(), device, timeoutMs: 30_000 });
      try {
        const pay = (orderId: string) => client.pay({ paymentMethod: 'SEVEN_11', orderId });
        assert.equal((await pay('FIRST-1')).code, 'SUCCESS');
        const { code, message } = await second.pay({ transport, device, orderId: 'SECOND' });
        assert.equal(code, transport === 'HID' ? 'SUCCESS' : 'busy', message);
        if (transport !== 'HID') assert.match(message ?? '', /is held by another program/);
        assert.equal((await pay('FIRST-2')).code, 'SUCCESS');
        if (transport !== 'HID') return;
        assert.equal((await second.pay({ transport, device, orderId: 'SECOND-2' })).code, 'SUCCESS');
        for (const orderId of ['FIRST-2', 'SECOND-2']) assert.equal(await devices.executions(device, orderId), 1);
      } finally {
        await client.close();
      }
    });
});
