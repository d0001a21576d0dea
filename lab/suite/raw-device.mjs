/** @typedef {import('@bluetap/emulator').Peer} Peer */

/**
 * A USB device that speaks no protocol: it tells of the bytes that reach each function, and sends what it is told to. As much
 * of an `Emulator` as the USB function uses.
 */
export class RawDevice {
  plugged = true;
  closed = false;
  attachment = 1;
  /** @type {{ serialNumber: string }} */
  snapshot;
  #received;
  /** @type {Map<string, Peer>} */
  #ports = new Map();
  /** What the host has not had room for, by function. @type {Map<string, Uint8Array[]>} */
  #waiting = new Map();
  /** @type {Set<import('@bluetap/emulator').Follower>} */
  #followers = new Set();

  /**
   * @param {string} serialNumber
   * @param {(functionName: string, bytes: Uint8Array) => void} received
   */
  constructor(serialNumber, received) {
    this.snapshot = { serialNumber };
    this.#received = received;
  }

  /** @param {Peer} port whose name ends with that of the functionName: "usb 1-4 hid" */
  attach(port) {
    const functionName = port.name.split(' ').at(-1) ?? '';
    this.#ports.set(functionName, port);
    return {
      receive: (/** @type {Uint8Array} */ bytes) => this.#received(functionName, bytes),
      end: () => {
        if (this.#ports.get(functionName) === port) this.#ports.delete(functionName);
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
    console.error(`${this.snapshot.serialNumber}: ${where} failed:`, error);
  }

  /**
   * Sends as fast as the host fetches: what waits longer keeps the device from taking anything.
   * @param {string} functionName @param {Uint8Array} bytes whole frames
   */
  send(functionName, bytes) {
    const waiting = this.#waiting.get(functionName) ?? [];
    this.#waiting.set(functionName, waiting);
    if (waiting.push(Uint8Array.from(bytes)) === 1) this.#feed(functionName, waiting);
  }

  /** @param {string} functionName @param {Uint8Array[]} waiting */
  #feed(functionName, waiting) {
    const port = this.#ports.get(functionName);
    while (port && !port.congested && waiting[0]) {
      // Frame by frame: reports are filled up behind a frame, and not within.
      const end = waiting[0].indexOf(0, 1) + 1 || waiting[0].length;
      port.send(waiting[0].slice(0, end));
      waiting[0] = waiting[0].subarray(end);
      if (waiting[0].length === 0) waiting.shift();
    }
    if (waiting.length > 0) setTimeout(() => this.#feed(functionName, waiting), 1).unref();
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
