// If no code waits for the promise of a payment, the payment is lost silently. So the linter must find such calls, also
// through types of other files. The comments below switch its rules off. If a rule no longer works, its comment is
// unused, and an unused comment fails the check.
import type { Channel, Transport } from '../packages/transport/src/index.js';

export function forgetsToWait(channel: Channel, transport: Transport): void {
  // biome-ignore lint/nursery/noFloatingPromises: proves that the rule works
  channel.close();
  // biome-ignore lint/nursery/noFloatingPromises: proves that the rule works
  transport.list().then((devices) => devices.length);
  // biome-ignore lint/nursery/noMisusedPromises: proves that the rule works
  [channel].forEach(async (each) => each.close());
}
