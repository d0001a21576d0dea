import { PATIENCE_MS } from './patience.mjs';

/** @typedef {import('@bluetap/sdk').Client} Client */
/** @typedef {import('@bluetap/sdk').ClientEvents} ClientEvents */

/**
 * Resolves with the next event of a client. Ask before what causes it.
 * @template {keyof ClientEvents} Name
 * @param {Client} client
 * @param {Name} name
 * @returns {Promise<ClientEvents[Name]>}
 */
export function next(client, name) {
  const heard = new Promise((resolve, reject) => {
    const vain = () => reject(new Error(`waited ${PATIENCE_MS / 1000} s in vain for "${name}"`));
    const timer = setTimeout(vain, PATIENCE_MS);
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
