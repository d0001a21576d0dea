import type { Connection, Follower, Peer } from '@bluetap/emulator';
import type { FunctionName } from '@bluetap/emulator/node';

/**
 * A USB device that speaks no protocol: it tells of the bytes that reach each function, and sends what it is told to. As much
 * of an `Emulator` as the USB function uses.
 */
export class RawDevice {
  plugged = true;
  closed = false;
  attachment = 1;
  readonly snapshot: { readonly serialNumber: string };
  readonly #received: (functionName: FunctionName, bytes: Uint8Array) => void;
  readonly #peers = new Map<FunctionName, Peer>();
  /** What the host has not had room for, by function. */
  readonly #waiting = new Map<FunctionName, Uint8Array[]>();
  readonly #followers = new Set<Follower>();

  constructor(serialNumber: string, received: (functionName: FunctionName, bytes: Uint8Array) => void) {
    this.snapshot = { serialNumber };
    this.#received = received;
  }

  /** @param peer One whose name ends with that of its function: "usb 1-4 hid". */
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

  /** A callback of the suite, which `where` names, has failed. */
  report(error: unknown, where: string): void {
    console.error(`${this.snapshot.serialNumber}: ${where} failed:`, error);
  }

  /**
   * Sends as fast as the host fetches: what waits longer keeps the device from taking anything.
   * @param bytes Whole frames.
   */
  send(functionName: FunctionName, bytes: Uint8Array): void {
    const waiting = this.#waiting.get(functionName) ?? [];
    this.#waiting.set(functionName, waiting);
    if (waiting.push(Uint8Array.from(bytes)) === 1) this.#feed(functionName, waiting);
  }

  #feed(functionName: FunctionName, waiting: Uint8Array[]): void {
    const peer = this.#peers.get(functionName);
    while (peer && !peer.congested && waiting[0]) {
      // Frame by frame: reports are filled up behind a frame, and not within.
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
