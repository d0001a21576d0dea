import type { Client, ClientEvents } from '@bluetap/sdk';
import { WAIT_LIMIT_MS } from './wait-limit.js';

/** Waits for the next event of a client. Call this before the action that causes the event. */
export function nextEvent<Name extends keyof ClientEvents>(client: Client, name: Name): Promise<ClientEvents[Name]> {
  const heard = new Promise<ClientEvents[Name]>((resolve, reject) => {
    const giveUp = () => reject(new Error(`waited ${WAIT_LIMIT_MS / 1000} s for "${name}"`));
    const timer = setTimeout(giveUp, WAIT_LIMIT_MS);
    const off = client.on(name, (event) => {
      clearTimeout(timer);
      off();
      resolve(event);
    });
    // If the test fails earlier, its process does not wait for this timer.
    timer.unref();
  });
  heard.catch(() => {});
  return heard;
}
