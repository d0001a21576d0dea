// The programs of a shop, in the vendor's shape, pay through this kernel: in C# with clients/dotnet, and in Python with
// clients/python. Nothing of them is changed. The log of the device says what it received and executed.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { hosts } from '../../../test/clients/dist/languages.js';
import { libraries, type Sample, samples } from '../../../test/clients/dist/samples.js';
import { type Ended, runToEnd } from '../../dist/run-to-end.js';
import { devices } from './device-controller.js';
import { closeAllPos, posDevices } from './pos-per-transport.js';

const [device = '', second = '', ...others] = posDevices;
const methods = ['TRUEMONEY', 'SEVEN_11', 'ALIPAY_CN', 'ALIPAY_PLUS'];

/** Runs a program with the libraries of this repository, at the device of HID. */
function run(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const { BLUETAP_TRANSPORT, BLUETAP_DEVICE, ...rest } = process.env;
  return runToEnd(command, { env: { ...rest, ...libraries, ...env } });
}

const told = ({ code, stdout, stderr }: Ended): string => `exit code ${code}\n${stdout}${stderr}`;

describe('the clients in Python and C#, over HID', { timeout: 600_000 }, () => {
  before(async () => {
    await closeAllPos();
    for (const each of [second, ...others]) await devices.unplug(each);
  });
  after(async () => {
    for (const each of posDevices) await devices.plug(each);
  });

  for (const sample of samples) {
    test(`${sample.name} pays`, { timeout: 120_000 }, async () => {
      const { hidraw } = await devices.plug(device);
      const [executed, received] = [await devices.executedPays(device), await devices.receivedPays(device)];
      const ended = await run(sample.command);
      assert.equal(ended.code, 0, told(ended));
      assert.deepEqual((await devices.executedPays(device)).slice(executed.length), sample.pays, told(ended));
      const further = (await devices.receivedPays(device)).slice(received.length);
      // A slow guest can make the host repeat a PAY. The payment method "Test" must never be on the wire.
      assert.deepEqual([...new Set(further)], sample.pays, told(ended));
      assert.ok(further.every((method) => method !== undefined && methods.includes(method)));
      assert.ok(existsSync(hidraw), `${hidraw} is gone after the program has ended`);
    });
  }

  describe('without a device', () => {
    // Each call looks for a device until its time is over, so the samples run at the same time.
    const running = new Map<Sample, Promise<Ended>>();
    before(async () => {
      await devices.unplug(device);
      for (const sample of samples) running.set(sample, run(sample.command));
    });

    for (const sample of samples)
      test(`${sample.name} says that there is none`, { timeout: 120_000 }, async () => {
        const ended = (await running.get(sample))!;
        assert.equal(ended.code, sample.exitCodeWithoutDevice, told(ended));
        assert.match(ended.stderr, /no BlueTap device/, told(ended));
      });
  });

  for (const [language, host] of Object.entries(hosts)) {
    const pay = [...host, 'pay', '--json', '--payment-method', 'ALIPAY_CN'];

    test(`${language}: several devices are told apart`, { timeout: 120_000 }, async () => {
      await devices.plug(device);
      await devices.plug(second);
      try {
        const refused = await run(pay);
        assert.equal(refused.code, 3, told(refused));
        for (const text of [device, second, 'BLUETAP_DEVICE']) assert.ok(refused.stdout.includes(text), told(refused));
        const orderId = `BOTH-${language}`;
        const paid = await run([...pay, '--order-id', orderId], { BLUETAP_DEVICE: second });
        assert.equal(paid.code, 0, told(paid));
        assert.equal((await devices.tell(second, 'snapshot')).orderId, orderId);
        assert.notEqual((await devices.tell(device, 'snapshot')).orderId, orderId);
      } finally {
        await devices.unplug(second);
      }
    });

    test(`${language}: a user without permission is told of the udev rule`, { timeout: 120_000 }, async () => {
      await devices.plug(device);
      const nobody = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'];
      const refused = await run([...nobody, ...pay]);
      assert.equal(refused.code, 3, told(refused));
      assert.match(refused.stdout, /udev/, told(refused));
    });

    test(`${language}: an unplug while the reply is awaited is no lie`, { timeout: 120_000 }, async () => {
      await devices.plug(device);
      const orderId = `PULL-${language}`;
      await devices.tell(device, 'use', { behaviour: 'loseReplies', args: [100, { type: 'PAY' }] });
      const paying = run([...pay, '--order-id', orderId, '--timeout', '12000']);
      await devices.shows(orderId);
      await devices.unplug(device);
      const ended = await paying;
      assert.equal(ended.code, 3, told(ended));
      const { outcome, linkLive } = JSON.parse(ended.stdout) as { outcome: string; linkLive: string };
      assert.deepEqual([outcome, linkLive], ['unknown', 'unknown']);
      assert.equal(await devices.executions(device, orderId), 1);
      await devices.tell(device, 'behave');
    });
  }
});
