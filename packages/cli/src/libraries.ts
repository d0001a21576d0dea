import { createRequire } from 'node:module';

const LIBRARIES = [
  ['@bluetap/transport-hid', 'node-hid'],
  ['@bluetap/transport-usb', 'usb'],
  ['@bluetap/transport-serial', 'serialport'],
] as const;

/** The libraries under the transports, each with the version that is installed: "node-hid 3.4.0". Loads none of them. */
export function libraries(): readonly string[] {
  const require = createRequire(import.meta.url);
  return LIBRARIES.map(([transport, library]) => {
    try {
      // As the transport finds it: another program's may stand nearer to this file.
      const near = createRequire(require.resolve(`${transport}/package.json`));
      return `${library} ${(near(`${library}/package.json`) as { version: string }).version}`;
    } catch {
      return `${library} is not installed`;
    }
  });
}
