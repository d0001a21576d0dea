// Judges the emulated device through this kernel, over each transport: the rules of docs/protocol.md that a device has
// to keep. Another function of the same device is the second connection: USB or serial, because these are open once.
// Several programs that open one hidraw node share one connection.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { judgeDevice, reportText } from '@bluetap/conformance';
import { devices } from './device-controller.js';
import { closeAllPos, posDevices } from './pos-per-transport.js';
import { transports } from './transports.js';

// Each transport has its own device, so no transport waits for another.
describe('the rules of the device', { concurrency: transports.length }, () => {
  before(async () => {
    await closeAllPos();
    for (const device of posDevices) await devices.plug(device);
    // The first `list` loads the library, which takes seconds in the guest.
    await Promise.all(transports.map(({ make }) => make().list()));
  });

  for (const [index, { name, make }] of transports.entries()) {
    test(`hold over ${name}`, { timeout: 300_000 }, async () => {
      const device = posDevices[index]!;
      const report = await judgeDevice({
        transport: make(),
        second: transports.find((each) => each.name === (name === 'USB' ? 'serial' : 'USB'))!.make(),
        device,
        hook: async (action) => {
          if (action !== 'tap') throw new Error(`this device has no ${action} here`);
          await devices.tell(device, 'tap');
          return {};
        },
      });
      assert.equal(report.ending, 'complete', report.problem);
      assert.equal(report.counts.failed, 0, reportText(report));
      assert.ok(report.counts.proven > 50, reportText(report));
    });
  }
});
