// Tests the contract of packages/transport over each transport. The device has no protocol.
import { before, describe, test } from 'node:test';
import type { Transport } from '@bluetap/transport';
import { type ConformanceHarness, conformanceCases } from '@bluetap/transport/conformance';
import type { ReceivedBytes } from './device-commands.js';
import { devices } from './device-controller.js';
import { closeAllPos, posDevices } from './pos-per-transport.js';
import { transports } from './transports.js';

/**
 * The difference between the functions of the device for a host. Several programs can open the same hidraw node. Only
 * one program can open each of the others.
 */
const secondOpen = { HID: 'works', USB: 'busy', serial: 'busy' } as const;

// Each transport has its own device, so no transport waits for another.
describe('the contract', { concurrency: transports.length }, () => {
  // Each further device makes `list` slower.
  before(async () => {
    await closeAllPos();
    for (const device of posDevices) await devices.unplug(device);
  });

  for (const { name, functionName, make } of transports) {
    describe(`over ${name}`, { concurrency: 1 }, () => {
      const DEVICE = `RAW-${name}`;
      const transport = listing(DEVICE, make());

      async function create(received: (bytes: Uint8Array) => void): Promise<ConformanceHarness> {
        // All cases use the same device. Each case ends with a frame in each direction, so that no older bytes are
        // left.
        await devices.plug(DEVICE);
        const hear = (event: ReceivedBytes) => {
          if (event.device === DEVICE && event.functionName === functionName)
            received(Buffer.from(event.bytes, 'base64'));
        };
        devices.on('received', hear);
        return {
          transport,
          send: (bytes) => devices.send(DEVICE, functionName, bytes),
          unplug: () => devices.unplug(DEVICE),
          plug: async () => void (await devices.plug(DEVICE)),
          dispose: async () => void devices.off('received', hear),
        };
      }

      const setup = {
        load: async () => transport,
        create,
        has: {
          unplug: true,
          listFollowsUnplug: true,
          watch: true,
          seesChannels: false,
          stallBytes: 0,
          secondOpen: secondOpen[name],
        },
        watchdogMs: 90_000,
        links: 10,
      };
      for (const { name: title, run } of conformanceCases(setup)) test(title, { timeout: 300_000 }, run);
    });
  }
});

/** Returns a transport that lists only one device, because the other devices come and go during the test. */
function listing(device: string, transport: Transport): Transport {
  return {
    ...transport,
    list: async (options) => (await transport.list(options)).filter(({ serialNumber }) => serialNumber === device),
  };
}
