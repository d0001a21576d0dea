import type { DeviceInfo, Transport } from '@bluetap/transport';

/** The devices of one transport, or the error if the transport cannot list them. */
export type Listing =
  | { readonly transport: string; readonly devices: readonly DeviceInfo[] }
  | { readonly transport: string; readonly error: { readonly code: string; readonly message: string } };

/** Lists the devices of every transport. A transport that fails has an error in its listing. */
export function listAll(transports: readonly Transport[]): Promise<readonly Listing[]> {
  return Promise.all(transports.map(listOne));
}

export async function listOne(transport: Transport): Promise<Listing> {
  try {
    return { transport: transport.name, devices: await transport.list() };
  } catch (error) {
    return listingError(transport, error);
  }
}

/** Makes the listing of a transport that failed. `error` can be any value. The message is one line. */
export function listingError({ name }: Transport, error: unknown): Listing {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'io';
  const message = error instanceof Error ? error.message : String(error);
  return { transport: name, error: { code, message: firstLine(message) } };
}

/**
 * Returns the first line. The error of a system library can have further lines with the paths that it tried. They do
 * not help a person.
 */
function firstLine(message: string): string {
  return message
    .trim()
    .split(/[\r\n]/)[0]!
    .trim();
}
