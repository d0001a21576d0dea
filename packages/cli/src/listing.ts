import type { DeviceInfo, Transport, TransportError } from '@bluetap/transport';

/** What one transport has: its devices, or why it cannot tell. */
export type Listing =
  | { readonly transport: string; readonly devices: readonly DeviceInfo[] }
  | { readonly transport: string; readonly error: { readonly code: string; readonly message: string } };

/** Asks every transport, and takes a failure for an answer. */
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

export function listingError({ name }: Transport, error: unknown): Listing {
  const { code = 'io', message } = error as TransportError;
  return { transport: name, error: { code, message } };
}
