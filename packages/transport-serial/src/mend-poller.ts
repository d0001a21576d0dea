/** How the binding waits for a descriptor on Linux and macOS: a node EventEmitter. Windows has none. */
export interface PortPoller {
  /**
   * Waits for the descriptor, and tells by an event when it is ready.
   * @param flags what to wait for: 1 readable, 2 writable, 4 disconnect
   */
  poll(flags?: number): void;
  /** Calls the listeners of an event. Returns whether there was one. */
  emit(event: string | symbol, ...values: unknown[]): boolean;
  /** How many listeners an event has. */
  listenerCount(event: string | symbol): number;
}

const READABLE = 1;
const WRITABLE = 2;

/**
 * Repairs two faults of how serialport 13 waits for a descriptor, in this one port.
 *
 * It waits for what was asked last and forgets what was asked before: while a write waits for the device, nothing is
 * read. A device that waits to be read before it reads on would then wait for ever.
 *
 * It tells of an event outside of any callback that Node knows of. From Node 26.4 on, promises that this settles are
 * looked at only when something else happens in the process: a reply would come when the next timer fires.
 */
export function mendPoller(poller: PortPoller): void {
  const poll = poller.poll.bind(poller);
  const emit = poller.emit.bind(poller);
  const awaited = (event: string, flag: number): number => (poller.listenerCount(event) > 0 ? flag : 0);
  poller.poll = (flags = 0) => poll(flags | awaited('readable', READABLE) | awaited('writable', WRITABLE));
  poller.emit = (event, ...values) => {
    setImmediate(() => emit(event, ...values));
    return poller.listenerCount(event) > 0;
  };
}
