import { type Client, connect } from '@bluetap/sdk';
import { devices } from './device-controller.js';
import { type TransportUnderTest, transports } from './transports.js';

/** A POS at its own device, by one transport. */
export interface Pos extends TransportUnderTest {
  readonly device: string;
  readonly client: Client;
}

/** The device of each transport's POS. They are identical but for this. */
export const posDevices = transports.map((_, index) => `KERNEL-${index + 1}`);

let opened: Promise<Pos[]> | undefined;

/** A POS at each transport, for all of the suite: the same ones again. */
export function openAllPos(): Promise<Pos[]> {
  opened ??= Promise.all(
    transports.map(async (transport, index) => {
      const device = posDevices[index]!;
      await devices.plug(device);
      // The library is read for the first time here, which can take longer than the SDK gives a list.
      await transport.make().list();
      const client = await connect({ transport: transport.make(), device, timeoutMs: 60_000 });
      return { ...transport, device, client };
    }),
  );
  return opened;
}

/** Closes those that openAllPos has opened. */
export async function closeAllPos(): Promise<void> {
  const posPrograms = (await opened) ?? [];
  await Promise.all(posPrograms.map(({ client }) => client.close()));
}
