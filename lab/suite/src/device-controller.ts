// Controls the exported devices of the suite: plugs and attaches them, adds behaviours to them, and receives their
// events.
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FunctionName } from '@bluetap/emulator/node';
import type { Answer, DeviceCommands, DeviceEvent, Exported } from './device-commands.js';
import { gone, type Nodes, nodesOf, ready } from './kernel-devices.js';
import { attach, detach } from './usbip-attach.js';
import { WAIT_LIMIT_MS } from './wait-limit.js';

/** Starts the device server, and sends commands to its devices. */
class DeviceController extends EventEmitter {
  readonly #process = spawn(process.execPath, [fileURLToPath(new URL('device-server.js', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  #exported: Exported['devices'] = [];
  #asked = 0;
  /** The events of the devices, the oldest first. */
  readonly #events: DeviceEvent[] = [];

  /** Resolves when the devices are exported. */
  async start(): Promise<void> {
    this.setMaxListeners(0);
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#hear(JSON.parse(line)));
    const [{ devices }] = (await once(this, 'exported')) as [Exported];
    this.#exported = devices;
  }

  async stop(): Promise<void> {
    this.thaw();
    this.#process.stdin.end();
    await once(this.#process, 'exit');
  }

  /** Stops the process of the devices. The devices then accept and send no bytes, and commands to them wait too. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process.kill('SIGCONT');
  }

  #hear(line: Answer | DeviceEvent | Exported): void {
    if ('id' in line) this.emit(`answer ${line.id}`, line);
    else {
      if ('device' in line) this.#events.push(line);
      this.emit(line.event, line);
    }
  }

  /** Sends a command to a device and waits for the answer. Rejects with the error of the device. */
  async tell<Name extends keyof DeviceCommands>(
    device: string,
    what: Name,
    ...[details]: Parameters<DeviceCommands[Name]>
  ): Promise<ReturnType<DeviceCommands[Name]>> {
    const id = this.#asked++;
    const answered = once(this, `answer ${id}`, { signal: AbortSignal.timeout(WAIT_LIMIT_MS) });
    this.#process.stdin.write(`${JSON.stringify({ ...details, id, device, do: what })}\n`);
    const [answer] = (await answered) as [Answer];
    if ('error' in answer) throw new Error(answer.error);
    return answer.value as ReturnType<DeviceCommands[Name]>;
  }

  /** Makes a raw device send bytes through one of its functions. */
  async send(device: string, functionName: FunctionName, bytes: Uint8Array): Promise<void> {
    await this.tell(device, 'send', { functionName, bytes: Buffer.from(bytes).toString('base64') });
  }

  /** Waits until a device shows the payment link of an order. Resolves immediately if a device has shown it. */
  async shows(orderId: string): Promise<void> {
    const signal = AbortSignal.timeout(WAIT_LIMIT_MS);
    while (this.#shown(orderId) === 0) await once(this, 'state', { signal });
  }

  /** Waits until bytes of a host wait for a device that answers NAK. */
  async waiting(device: string): Promise<void> {
    const signal = AbortSignal.timeout(WAIT_LIMIT_MS);
    for (;;) {
      const [event] = (await once(this, 'waiting', { signal })) as [DeviceEvent];
      if (event.device === device) return;
    }
  }

  /** Plugs a device in and waits until this kernel has attached it. */
  async plug(serialNumber: string): Promise<Nodes> {
    await this.tell(serialNumber, 'plug');
    const nodes = nodesOf(serialNumber);
    if (nodes) return nodes;
    // The server may not know yet that the host has detached the device.
    while (await this.tell(serialNumber, 'imported'));
    await attach(this.#exportOf(serialNumber).busid);
    return await ready(serialNumber);
  }

  /** Detaches a device at the side of the host. The device does not take part in this. */
  async pullOff(serialNumber: string): Promise<void> {
    const nodes = this.#nodes(serialNumber);
    detach(this.#exportOf(serialNumber).busid);
    await gone(serialNumber, nodes);
  }

  #nodes(serialNumber: string): Nodes {
    const nodes = nodesOf(serialNumber);
    if (!nodes) throw new Error(`${serialNumber} is not attached`);
    return nodes;
  }

  #exportOf(serialNumber: string): Exported['devices'][number] {
    const device = this.#exported.find((each) => each.serialNumber === serialNumber);
    if (!device) throw new Error(`${serialNumber} is not exported`);
    return device;
  }

  /** Unplugs the cable of a device and waits until this kernel has removed the device. */
  async unplug(serialNumber: string, power: 'kept' | 'lost' = 'kept'): Promise<void> {
    const nodes = nodesOf(serialNumber);
    if (!nodes) return;
    await this.tell(serialNumber, 'unplug', { power });
    await gone(serialNumber, nodes);
  }

  /** Returns the number of times that a device has executed the PAY of an order. */
  async executions(device: string, orderId: string): Promise<number> {
    // The answer comes after all earlier events.
    await this.tell(device, 'snapshot');
    return this.#shown(orderId);
  }

  /** Returns the payment methods of the PAYs that a device has executed since it was exported, in their order. */
  async executedPays(device: string): Promise<(string | undefined)[]> {
    await this.tell(device, 'snapshot');
    return this.#events.flatMap((event) =>
      event.device === device && event.event === 'state' && event.cause === 'pay' ? [event.snapshot.paymentMethod] : [],
    );
  }

  /** Returns the payment methods of the PAYs that a device has received since it was exported. A repeat counts too. */
  async receivedPays(device: string): Promise<(string | undefined)[]> {
    await this.tell(device, 'snapshot');
    return this.#events.flatMap((event) =>
      event.device === device && event.event === 'message' && event.direction === 'in' && event.message.type === 'PAY'
        ? [event.message.paymentMethod]
        : [],
    );
  }

  #shown(orderId: string): number {
    return this.#events.filter(
      (event) => event.event === 'state' && event.cause === 'pay' && event.snapshot.orderId === orderId,
    ).length;
  }
}

/** The devices of this suite. */
export const devices = new DeviceController();
