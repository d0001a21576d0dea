/** The object that waits for a descriptor on Linux and macOS: a Node EventEmitter. Windows does not have it. */
export interface PortPoller {
  /**
   * Waits for the descriptor, and emits an event when it is ready.
   * @param flags The events to wait for: 1 readable, 2 writable, 4 disconnect.
   */
  poll(flags?: number): void;
  /** Calls the listeners of an event. Returns true if there was a listener. */
  emit(event: string | symbol, ...values: unknown[]): boolean;
  /** The number of listeners of an event. */
  listenerCount(event: string | symbol): number;
}

const READABLE = 1;
const WRITABLE = 2;

/**
 * Repairs two faults in the waiting of serialport 13 for a descriptor, for this one port.
 *
 * First fault: serialport waits only for the latest request and forgets the requests before. So while a write waits for
 * the device, serialport reads nothing. If the device sends first and reads later, both sides would wait without end.
 *
 * Second fault: serialport emits an event outside of any callback that Node knows. From Node 26.4, Node handles the
 * promises that such an event settles only at the next other event in the process. So a reply would come when the next
 * timer fires.
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
