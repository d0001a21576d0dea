import type { Client, ClientEvents } from '@bluetap/sdk';
import { WAIT_LIMIT_MS } from './wait-limit.js';

/** Resolves with the next event of a client. Call it before what causes the event. */
export function nextEvent<Name extends keyof ClientEvents>(client: Client, name: Name): Promise<ClientEvents[Name]> {
  const heard = new Promise<ClientEvents[Name]>((resolve, reject) => {
    const giveUp = () => reject(new Error(`waited ${WAIT_LIMIT_MS / 1000} s for "${name}"`));
    const timer = setTimeout(giveUp, WAIT_LIMIT_MS);
    const off = client.on(name, (event) => {
      clearTimeout(timer);
      off();
      resolve(event);
    });
    // A test that has failed before does not wait for it.
    timer.unref();
  });
  heard.catch(() => {});
  return heard;
}
