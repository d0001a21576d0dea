import { show } from '@bluetap/transport/kit';
import type { DeviceIdentity, PaymentLinkEvent, Resolution } from '../common/types.js';

/** The events of a client by name, and the value that a listener gets. Add a listener with `client.on`. */
export interface ClientEvents {
  /** A device has answered, for the first time or again. Its payment link may have changed in the time between. */
  connected: DeviceIdentity & PaymentLinkEvent;
  /** The device was disconnected, or its channel failed. The client continues to look for it. */
  disconnected: Error;
  /** The payment link changed, and no call of this client caused the change. */
  link: PaymentLinkEvent;
  /** The outcome of a command whose result was `unknown` is now final. */
  resolved: Resolution;
}

const EVENTS: ReadonlySet<string> = new Set<keyof ClientEvents>(['connected', 'disconnected', 'link', 'resolved']);

/** @throws TypeError for an unknown event, or a listener that is not a function. */
export function checkListener(name: unknown, listener: unknown): void {
  // Node's events.once and events.on also listen to `error`, which no client emits.
  if (!EVENTS.has(name as string) && name !== 'error') {
    throw new TypeError(`There is no event ${show(name)}; these are: ${[...EVENTS].join(', ')}.`);
  }
  if (typeof listener !== 'function') {
    throw new TypeError(`The listener of "${name}" must be a function, but is ${show(listener)}.`);
  }
}
