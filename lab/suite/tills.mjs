import { connect } from '@bluetap/sdk';
import { devices } from './the-devices.mjs';
import { transports } from './transports.mjs';

/** @typedef {import('@bluetap/sdk').Client} Client */

/**
 * A till at its own device, by one transport.
 * @typedef {(typeof transports)[number] & { device: string, client: Client }} Till
 */

/** The device of each transport's till. They are identical but for this. */
export const tillDevices = transports.map((_, index) => `KERNEL-${index + 1}`);

/** @type {Promise<Till[]> | undefined} */
let opened;

/** A till at each transport, for all of the suite: the same ones again. @returns {Promise<Till[]>} */
export function openTills() {
  opened ??= Promise.all(
    transports.map(async (transport, index) => {
      const device = /** @type {string} */ (tillDevices[index]);
      await devices.plug(device);
      // The library is read for the first time here, which can take longer than the SDK gives a list.
      await transport.make().list();
      const client = await connect({ transport: transport.make(), device, timeoutMs: 60_000 });
      return { ...transport, device, client };
    }),
  );
  return opened;
}

export async function closeTills() {
  const tills = (await opened) ?? [];
  await Promise.all(tills.map(({ client }) => client.close()));
}
