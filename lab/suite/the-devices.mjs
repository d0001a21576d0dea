// The exported devices as the suite handles them: plugs and attaches them, makes them misbehave, hears what they do.
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { attach, detach } from './attach.mjs';
import { gone, nodesOf, ready } from './kernel.mjs';
import { PATIENCE_MS } from './patience.mjs';

/** @typedef {import('@bluetap/emulator').EmulatorEvent & { device: string }} DeviceEvent */

class TheDevices extends EventEmitter {
  #process = spawn(process.execPath, [fileURLToPath(new URL('devices.mjs', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  /** @type {{ busid: string, serialNumber: string }[]} */
  #exported = [];
  #asked = 0;
  /** What the devices did, oldest first. @type {DeviceEvent[]} */
  events = [];

  async start() {
    this.setMaxListeners(0);
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#hear(JSON.parse(line)));
    const [{ devices }] = await once(this, 'exported');
    this.#exported = devices;
  }

  async stop() {
    this.thaw();
    this.#process.stdin.end();
    await once(this.#process, 'exit');
  }

  /** The device takes and gives nothing: its process stands still. Commands to it wait as well. */
  freeze() {
    this.#process.kill('SIGSTOP');
  }

  thaw() {
    this.#process.kill('SIGCONT');
  }

  /** @param {any} line */
  #hear(line) {
    if ('id' in line) this.emit(`answer ${line.id}`, line);
    else {
      if ('device' in line) this.events.push(line);
      this.emit(line.event, line);
    }
  }

  /** @param {string} device @param {string} what @param {object} [details] @returns {Promise<any>} */
  async tell(device, what, details = {}) {
    const id = this.#asked++;
    const answered = once(this, `answer ${id}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    this.#process.stdin.write(`${JSON.stringify({ ...details, id, device, do: what })}\n`);
    const [{ value, error }] = await answered;
    if (error) throw new Error(error);
    return value;
  }

  /** A raw device sends bytes through one of its functions. @param {string} device @param {string} functionName @param {Uint8Array} bytes */
  async send(device, functionName, bytes) {
    await this.tell(device, 'send', { functionName, bytes: Buffer.from(bytes).toString('base64') });
  }

  /** Resolves when a device shows the payment link of an order, or has shown it. @param {string} orderId */
  async shows(orderId) {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    while (this.#shown(orderId) === 0) await once(this, 'state', { signal });
  }

  /** Resolves when something that a host wrote waits for a device that answers NAK. @param {string} device */
  async waiting(device) {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const [event] = await once(this, 'waiting', { signal });
      if (event.device === device) return;
    }
  }

  /** Plugs a device in and waits until this kernel has it. @param {string} serialNumber */
  async plug(serialNumber) {
    await this.tell(serialNumber, 'plug');
    const nodes = nodesOf(serialNumber);
    if (nodes) return nodes;
    // It may not know yet that its host has let go of it.
    while (await this.tell(serialNumber, 'imported'));
    await attach(this.#exportOf(serialNumber).busid);
    return await ready(serialNumber);
  }

  /** Pulls a device off on the host's side: it need not take part. @param {string} serialNumber */
  async pullOff(serialNumber) {
    const nodes = this.#nodes(serialNumber);
    detach(this.#exportOf(serialNumber).busid);
    await gone(serialNumber, nodes);
  }

  /** @param {string} serialNumber */
  #nodes(serialNumber) {
    const nodes = nodesOf(serialNumber);
    if (!nodes) throw new Error(`${serialNumber} is not attached`);
    return nodes;
  }

  /** @param {string} serialNumber */
  #exportOf(serialNumber) {
    const device = this.#exported.find((each) => each.serialNumber === serialNumber);
    if (!device) throw new Error(`${serialNumber} is not exported`);
    return device;
  }

  /** Pulls a device off its cable and waits until this kernel knows. @param {string} serialNumber */
  async unplug(serialNumber, power = 'kept') {
    const nodes = nodesOf(serialNumber);
    if (!nodes) return;
    await this.tell(serialNumber, 'unplug', { power });
    await gone(serialNumber, nodes);
  }

  /** How often a device has executed the PAY of an order. @param {string} device @param {string} orderId */
  async executions(device, orderId) {
    // The answer comes behind all that it has told before.
    await this.tell(device, 'snapshot');
    return this.#shown(orderId);
  }

  /** @param {string} orderId */
  #shown(orderId) {
    return this.events.filter(
      (event) => event.event === 'state' && event.cause === 'pay' && event.snapshot.orderId === orderId,
    ).length;
  }
}

export const devices = new TheDevices();
