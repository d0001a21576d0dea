import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { BytesEntry } from '../../src/host/contract/log.js';
import { StagedDevice } from '../../src/host/device/staged-device.js';

/** Opens a connection, sends one byte on it, and ends. */
const SENDER = `
const { port } = new URL(process.argv[1]);
require('node:net').connect(port, '127.0.0.1').write(Uint8Array.of(0), () => process.exit());
`;

/** Lets this process do nothing else. */
function block(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

test('the first bytes of a connection can have come as early as the connection, whenever they are read', async () => {
  const device = await StagedDevice.start();
  // The connection is accepted late, and its bytes are read later still.
  device.onConnection = () => {
    block(50);
    return true;
  };
  const start = device.now;
  execFileSync(process.execPath, ['-e', SENDER, device.address], { timeout: 5000 });
  const first = () => device.log.find((entry) => entry.kind === 'bytes' && entry.from === 'host');
  expect(await device.until(() => first() !== undefined, 5000)).toBe(true);
  expect((first() as BytesEntry).earliestMs).toBeLessThanOrEqual(start);
  await device.close();
});
