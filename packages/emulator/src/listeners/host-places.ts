import type { Socket } from 'node:net';

/**
 * The hosts of a listener. If every place is taken, the oldest host that never spoke makes room for a new one. So
 * connections that say nothing cannot lock out a POS. docs/protocol.md section 4, rule R-56.
 */
export class HostPlaces {
  readonly #most: number;
  readonly #taken = new Set<Socket>();
  /** The hosts that have not spoken, oldest first. */
  readonly #silent = new Set<Socket>();

  /** @param most The number of hosts at the same time, 1 or more. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Gives a host a place. Ends its connection and returns false if every place belongs to a host that has spoken. */
  take(socket: Socket): boolean {
    if (this.#taken.size >= this.#most) {
      const [oldest] = this.#silent;
      if (!oldest) {
        socket.destroy();
        return false;
      }
      this.#leave(oldest);
      oldest.destroy();
    }
    this.#taken.add(socket);
    this.#silent.add(socket);
    socket.once('close', () => this.#leave(socket));
    return true;
  }

  /** The host has spoken, so it keeps its place. */
  spoke(socket: Socket): void {
    this.#silent.delete(socket);
  }

  /** Ends every connection. */
  close(): void {
    for (const socket of this.#taken) socket.destroy();
  }

  #leave(socket: Socket): void {
    this.#taken.delete(socket);
    this.#silent.delete(socket);
  }
}
