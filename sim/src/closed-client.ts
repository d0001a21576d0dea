import type { Client } from '@bluetap/sdk';
import { someTurns } from './turns.js';

/** Returns what is wrong with a client after `close`. It must refuse a call at once. */
export async function wrongAfterClose(client: Client): Promise<readonly string[]> {
  let refused = false;
  client.info().catch(() => {
    refused = true;
  });
  await someTurns();
  return [
    ...(client.device ? ['a closed client has a device'] : []),
    ...(refused ? [] : ['a closed client takes a call']),
  ];
}
