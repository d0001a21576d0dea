import { connect } from '@bluetap/sdk';
import { devices } from './the-devices.mjs';
import { transports } from './transports.mjs';

/** @typedef {import('@bluetap/sdk').Client} Client */

/**
 * A POS at its own device, by one transport.
 * @typedef {(typeof transports)[number] & { device: string, client: Client }} Pos
 */

/** The device of each transport's POS. They are identical but for this. */
export const posDevices = transports.map((_, index) => `KERNEL-${index + 1}`);

/** @type {Promise<Pos[]> | undefined} */
let opened;

/** A POS at each transport, for all of the suite: the same ones again. @returns {Promise<Pos[]>} */
export function openAllPos() {
  opened ??= Promise.all(
    transports.map(async (transport, index) => {
      const device = /** @type {string} */ (posDevices[index]);
      await devices.plug(device);
      // The library is read for the first time here, which can take longer than the SDK gives a list.
      await transport.make().list();
      const client = await connect({ transport: transport.make(), device, timeoutMs: 60_000 });
      return { ...transport, device, client };
    }),
  );
  return opened;
}

export async function closeAllPos() {
  const posPrograms = (await opened) ?? [];
  await Promise.all(posPrograms.map(({ client }) => client.close()));
}
