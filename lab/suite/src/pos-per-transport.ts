import { type Client, connect } from '@bluetap/sdk';
import { devices } from './device-controller.js';
import { type TransportUnderTest, transports } from './transports.js';

/** A POS that uses one transport and has its own device. */
export interface Pos extends TransportUnderTest {
  readonly device: string;
  readonly client: Client;
}

/** The serial number of the device of each transport. Only the serial numbers of these devices differ. */
export const posDevices = transports.map((_, index) => `KERNEL-${index + 1}`);

let opened: Promise<Pos[]> | undefined;

/** Returns one POS for each transport. Every call returns the same POS programs, for the whole suite. */
export function openAllPos(): Promise<Pos[]> {
  opened ??= Promise.all(
    transports.map(async (transport, index) => {
      const device = posDevices[index]!;
      await devices.plug(device);
      // The first `list` loads the library. This can take longer than the time limit of the SDK for `list`.
      await transport.make().list();
      const client = await connect({ transport: transport.make(), device, timeoutMs: 60_000 });
      return { ...transport, device, client };
    }),
  );
  return opened;
}

/** Closes every POS that openAllPos has opened. */
export async function closeAllPos(): Promise<void> {
  const posPrograms = (await opened) ?? [];
  await Promise.all(posPrograms.map(({ client }) => client.close()));
}
