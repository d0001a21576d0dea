import type { DeviceInfo, Transport } from '@bluetap/transport';

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

/** What a transport says that cannot list, in one line, whatever it threw. */
export function listingError({ name }: Transport, error: unknown): Listing {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'io';
  const message = error instanceof Error ? error.message : String(error);
  return { transport: name, error: { code, message: firstLine(message) } };
}

/**
 * The error of a system library can have more lines, with the paths that it tried. They are left out, because they do
 * not help.
 */
function firstLine(message: string): string {
  return message
    .trim()
    .split(/[\r\n]/)[0]!
    .trim();
}
