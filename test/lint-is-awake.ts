// A payment whose promise no code waits for is lost silently. So the linter must find such calls through types of other
// files. The comments below switch it off; should its rules ever go blind, the comments become unused, which fails the
// check.
import type { Channel, Transport } from '../packages/transport/src/index.js';

export function forgetsToWait(channel: Channel, transport: Transport): void {
  // biome-ignore lint/nursery/noFloatingPromises: proves that the rule is awake
  channel.close();
  // biome-ignore lint/nursery/noFloatingPromises: proves that the rule is awake
  transport.list().then((devices) => devices.length);
  // biome-ignore lint/nursery/noMisusedPromises: proves that the rule is awake
  [channel].forEach(async (each) => each.close());
}
