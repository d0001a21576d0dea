import { Emulator, type EmulatorOptions, VirtualClock } from '@bluetap/emulator';
import { exportUsb, type UsbExport } from '@bluetap/emulator/node';
import { decodeMessage, encodeMessage, FrameDecoder, type Message } from '@bluetap/protocol';
import { expect } from 'vitest';
import { activeResources, settled, Watcher } from '../../watcher.js';
import type { UsbipClient } from './usbip-client.js';

/** One exported device in virtual time. It checks the resources that the device leaves behind. */
export class World {
  readonly clock = new VirtualClock();
  readonly watcher = new Watcher();
  readonly emulators: Emulator[] = [];
  server!: UsbExport;

  static async open(count = 1, options: EmulatorOptions = {}): Promise<World> {
    const world = new World();
    for (let at = 1; at <= count; at++) {
      const serialNumber = `TEST-${at}`;
      world.emulators.push(
        new Emulator({ clock: world.clock, serialNumber, onEvent: world.watcher.onEvent, ...options }),
      );
    }
    world.server = await exportUsb(world.emulators, { tcp: '127.0.0.1:0' });
    return world;
  }

  get emulator(): Emulator {
    return this.emulators[0]!;
  }

  get address(): string {
    return this.server.address;
  }

  /** Resolves when no host has a device, because the server has detected that its host left. */
  async free(): Promise<void> {
    while (this.server.devices.some(({ imported }) => imported)) await new Promise(setImmediate);
  }

  async close(): Promise<void> {
    for (const emulator of this.emulators) await emulator.close();
    expect(this.clock.pending).toBe(0);
    await settled(() => activeResources(/^TCP(Server|Socket)Wrap$/) === 0);
  }
}

export const HELLO = encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 7 });

export function pay(session: number, sequence: number): Uint8Array {
  return encodeMessage({ type: 'PAY', session, sequence, paymentMethod: 'TRUEMONEY', amount: '120.00', orderId: 'A1' });
}

export function status(session: number, sequence: number): Uint8Array {
  return encodeMessage({ type: 'STATUS', session, sequence });
}

/** Makes a report with frames. */
export function report(...frames: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set(Buffer.concat(frames));
  return bytes;
}

/** Returns the messages in a stream of bytes. */
export function messagesIn(...chunks: readonly Uint8Array[]): Message[] {
  const messages: Message[] = [];
  const decoder = new FrameDecoder({
    onFrame: (frame) => {
      const decoded = decodeMessage(frame);
      if (!decoded.ok) throw new Error(`not a message: reason ${decoded.reason}`);
      messages.push(decoded.message);
    },
    onDrop: (code) => {
      throw new Error(`dropped: ${code}`);
    },
  });
  for (const chunk of chunks) decoder.push(chunk);
  return messages;
}

/** Sends HELLO through an endpoint. Returns the session. No other transfer may be in progress. */
export async function hello(client: UsbipClient, ep: number): Promise<number> {
  const out = client.submit({ ep, data: ep === 1 ? report(HELLO) : HELLO });
  expect(await client.next()).toMatchObject({ seqnum: out, status: 0 });
  const reply = await read(client, ep);
  expect(reply).toMatchObject({ type: 'HELLO_REPLY', result: 'SUCCESS' });
  return reply.session;
}

/** Returns the next message from an endpoint, in as many transfers as necessary. */
export async function read(client: UsbipClient, ep: number): Promise<Message> {
  const chunks: Buffer[] = [];
  for (;;) {
    client.submit({ ep, length: ep === 4 ? 128 : 64 });
    const { status, data } = await client.next();
    expect(status).toBe(0);
    chunks.push(data);
    const [message] = messagesIn(...chunks);
    if (message) return message;
  }
}
