/** @typedef {import('@bluetap/emulator').Port} Port */

/**
 * A USB device that speaks no protocol: it tells of the bytes that reach each door, and sends what it is told to. As much
 * of an `Emulator` as the USB door uses.
 */
export class RawDevice {
  plugged = true;
  closed = false;
  attachment = 1;
  /** @type {{ serialNumber: string }} */
  face;
  #received;
  /** @type {Map<string, Port>} */
  #ports = new Map();
  /** What the host has not had room for, by door. @type {Map<string, Uint8Array[]>} */
  #waiting = new Map();
  /** @type {Set<import('@bluetap/emulator').Follower>} */
  #followers = new Set();

  /**
   * @param {string} serialNumber
   * @param {(door: string, bytes: Uint8Array) => void} received
   */
  constructor(serialNumber, received) {
    this.face = { serialNumber };
    this.#received = received;
  }

  /** @param {Port} port whose name ends with that of the door: "usb 1-4 hid" */
  attach(port) {
    const door = port.name.split(' ').at(-1) ?? '';
    this.#ports.set(door, port);
    return {
      receive: (/** @type {Uint8Array} */ bytes) => this.#received(door, bytes),
      end: () => {
        if (this.#ports.get(door) === port) this.#ports.delete(door);
      },
    };
  }

  /** @param {import('@bluetap/emulator').Follower} follower */
  follow(follower) {
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  /**
   * A callback of the suite failed.
   * @param {unknown} error @param {string} where which one
   */
  report(error, where) {
    console.error(`${this.face.serialNumber}: ${where} failed:`, error);
  }

  /**
   * Sends as fast as the host fetches: what waits longer keeps the device from taking anything.
   * @param {string} door @param {Uint8Array} bytes whole frames
   */
  send(door, bytes) {
    const waiting = this.#waiting.get(door) ?? [];
    this.#waiting.set(door, waiting);
    if (waiting.push(Uint8Array.from(bytes)) === 1) this.#feed(door, waiting);
  }

  /** @param {string} door @param {Uint8Array[]} waiting */
  #feed(door, waiting) {
    const port = this.#ports.get(door);
    while (port && !port.congested && waiting[0]) {
      // Frame by frame: reports are filled up behind a frame, and not within.
      const end = waiting[0].indexOf(0, 1) + 1 || waiting[0].length;
      port.send(waiting[0].slice(0, end));
      waiting[0] = waiting[0].subarray(end);
      if (waiting[0].length === 0) waiting.shift();
    }
    if (waiting.length > 0) setTimeout(() => this.#feed(door, waiting), 1).unref();
  }

  plug() {
    this.#plug(true);
  }

  unplug() {
    this.#plug(false);
  }

  /** @param {boolean} plugged */
  #plug(plugged) {
    if (this.plugged === plugged) return;
    this.plugged = plugged;
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
    for (const waiting of this.#waiting.values()) waiting.length = 0;
    for (const follower of this.#followers) follower.onPlug?.();
  }
}
