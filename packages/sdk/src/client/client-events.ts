import { show } from '@bluetap/transport/kit';
import type { DeviceIdentity, PaymentLinkEvent, Resolution } from '../common/types.js';

/** The events of a client by their names, and what a listener of each is given. Register one with `client.on`. */
export interface ClientEvents {
  /** A device has answered, at first or again. Its payment link may have changed in between. */
  connected: DeviceIdentity & PaymentLinkEvent;
  /** The device is gone, or its channel failed. The client goes on looking for it. */
  disconnected: Error;
  /** The payment link changed without this client's doing. */
  link: PaymentLinkEvent;
  /** What an earlier `unknown` has turned out to be. */
  resolved: Resolution;
}

const EVENTS: ReadonlySet<string> = new Set<keyof ClientEvents>(['connected', 'disconnected', 'link', 'resolved']);

/** @throws TypeError for an event that there is not, or a listener that is no function. */
export function checkListener(name: unknown, listener: unknown): void {
  // Node's events.once and events.on also listen to `error`, an event that no client has.
  if (!EVENTS.has(name as string) && name !== 'error') {
    throw new TypeError(`There is no event ${show(name)}; these are: ${[...EVENTS].join(', ')}.`);
  }
  if (typeof listener !== 'function') {
    throw new TypeError(`The listener of "${name}" must be a function, but is ${show(listener)}.`);
  }
}
