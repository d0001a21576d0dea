// The contract of every transport, as packages/transport states it, against a device that speaks no protocol.
import { before, describe, test } from 'node:test';
import type { Transport } from '@bluetap/transport';
import { type ConformanceHarness, conformanceCases } from '@bluetap/transport/conformance';
import type { ReceivedBytes } from './device-commands.js';
import { devices } from './device-controller.js';
import { closeAllPos, posDevices } from './pos-per-transport.js';
import { transports } from './transports.js';

/**
 * What the functions differ in, seen from a host. Any number of programs can open a hidraw node; the others belong to
 * one.
 */
const secondOpen = { HID: 'works', USB: 'busy', serial: 'busy' } as const;

// Each has a device of its own, so none waits for another.
describe('the contract', { concurrency: transports.length }, () => {
  // Every device makes listing slower.
  before(async () => {
    await closeAllPos();
    for (const device of posDevices) await devices.unplug(device);
  });

  for (const { name, functionName, make } of transports) {
    describe(`over ${name}`, { concurrency: 1 }, () => {
      const DEVICE = `RAW-${name}`;
      const transport = listing(DEVICE, make());

      async function create(received: (bytes: Uint8Array) => void): Promise<ConformanceHarness> {
        // The same device for all cases: each ends with a frame each way, behind which nothing older is left.
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

/** A transport that lists one device: the others come and go meanwhile. */
function listing(device: string, transport: Transport): Transport {
  return {
    ...transport,
    list: async (options) => (await transport.list(options)).filter(({ serialNumber }) => serialNumber === device),
  };
}
