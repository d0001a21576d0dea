import type { Connection, Follower, Peer } from '@bluetap/emulator';
import type { FunctionName } from '@bluetap/emulator/node';

/**
 * A USB device without a protocol. It reports the bytes that each function receives, and sends the bytes that the suite
 * gives it. It has the members of an `Emulator` that the USB functions use.
 */
export class RawDevice {
  plugged = true;
  closed = false;
  attachment = 1;
  readonly snapshot: { readonly serialNumber: string };
  readonly #received: (functionName: FunctionName, bytes: Uint8Array) => void;
  readonly #peers = new Map<FunctionName, Peer>();
  /** The bytes that the host had no room for, by function. */
  readonly #waiting = new Map<FunctionName, Uint8Array[]>();
  readonly #followers = new Set<Follower>();

  constructor(serialNumber: string, received: (functionName: FunctionName, bytes: Uint8Array) => void) {
    this.snapshot = { serialNumber };
    this.#received = received;
  }

  /** @param peer A peer whose name ends with the name of its function, such as "usb 1-4 hid". */
  attach(peer: Peer): Connection {
    const functionName = peer.name.split(' ').at(-1) as FunctionName;
    this.#peers.set(functionName, peer);
    return {
      receive: (bytes: Uint8Array) => this.#received(functionName, bytes),
      end: () => {
        if (this.#peers.get(functionName) === peer) this.#peers.delete(functionName);
      },
    };
  }

  follow(follower: Follower): () => void {
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  /** Prints the error of a callback of the suite. `where` is the name of the callback. */
  report(error: unknown, where: string): void {
    console.error(`${this.snapshot.serialNumber}: ${where} failed:`, error);
  }

  /**
   * Sends bytes as fast as the host reads them. If bytes wait longer, the device accepts no bytes.
   * @param bytes Complete frames.
   */
  send(functionName: FunctionName, bytes: Uint8Array): void {
    const waiting = this.#waiting.get(functionName) ?? [];
    this.#waiting.set(functionName, waiting);
    if (waiting.push(Uint8Array.from(bytes)) === 1) this.#feed(functionName, waiting);
  }

  #feed(functionName: FunctionName, waiting: Uint8Array[]): void {
    const peer = this.#peers.get(functionName);
    while (peer && !peer.congested && waiting[0]) {
      // This sends one frame after another, because padding of a report may come only after a frame.
      const end = waiting[0].indexOf(0, 1) + 1 || waiting[0].length;
      peer.send(waiting[0].slice(0, end));
      waiting[0] = waiting[0].subarray(end);
      if (waiting[0].length === 0) waiting.shift();
    }
    if (waiting.length > 0) setTimeout(() => this.#feed(functionName, waiting), 1).unref();
  }

  plug(): void {
    this.#plug(true);
  }

  unplug(): void {
    this.#plug(false);
  }

  #plug(plugged: boolean): void {
    if (this.plugged === plugged) return;
    this.plugged = plugged;
    for (const peer of this.#peers.values()) peer.close();
    this.#peers.clear();
    for (const waiting of this.#waiting.values()) waiting.length = 0;
    for (const follower of this.#followers) follower.onPlug?.();
  }
}
