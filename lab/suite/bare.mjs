// The libraries themselves, as a program without an SDK uses them: bytes that are ready are written, and what comes is
// read until a reply is whole. No timeout, no check, no queue. As in the transports, a read is under way before the write.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { decodeMessage, encodeMessage, FrameDecoder } from '@bluetap/protocol';

/** @typedef {import('./kernel.mjs').Nodes} Nodes */
/** @typedef {import('@bluetap/protocol').PayCommand} PayCommand */
/**
 * An open device: `read` resolves with the next bytes.
 * @typedef {{ read(): Promise<Uint8Array>, write(bytes: Uint8Array): Promise<unknown>, close(): Promise<unknown> }} Handle
 */

/** The library of a transport: the very same. @param {string} transport @param {string} library */
const load = (transport, library) =>
  createRequire(fileURLToPath(import.meta.resolve(`@bluetap/transport-${transport}`)))(library);

/** @type {Record<string, (nodes: Nodes) => Promise<Handle>>} */
const openers = {
  async HID({ hidraw }) {
    const handle = await load('hid', 'node-hid').HIDAsync.open(hidraw);
    /** @type {(report: Uint8Array) => void} */
    let take = () => {};
    handle.on('error', () => {});
    handle.on('data', (/** @type {Uint8Array} */ report) => take(report));
    await new Promise((resolve) => setImmediate(resolve));
    return {
      read: () =>
        new Promise((resolve) => {
          take = resolve;
        }),
      write: (bytes) => {
        const report = Buffer.alloc(65);
        report.set(bytes, 1);
        return handle.write(report);
      },
      close: () => handle.close(),
    };
  },
  async USB({ usb }) {
    const found = await load('usb', 'usb').usb.getDevices();
    const address = Number(usb.split('/').at(-1));
    const device = found.find((/** @type {any} */ each) => each.vendorId === 0x1209 && each.address === address);
    await device.open();
    await device.claimInterface(1);
    return {
      read: async () => {
        const { data } = await device.transferIn(2, 64, 60_000);
        return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      },
      write: (bytes) => device.transferOut(2, bytes, 60_000),
      close: async () => {
        await device.releaseInterface(1);
        await device.close();
      },
    };
  },
  async serial({ tty }) {
    const port = await load('serial', 'serialport').SerialPort.binding.open({ path: tty, baudRate: 115200 });
    await port.set({ dtr: true, rts: true });
    const buffer = Buffer.alloc(4096);
    return {
      read: async () => {
        const { bytesRead } = await port.read(buffer, 0, buffer.length);
        return Uint8Array.from(buffer.subarray(0, bytesRead));
      },
      write: (bytes) => port.write(Buffer.from(bytes)),
      close: () => port.close(),
    };
  },
};

/** Opens a device, and a session on it. @param {string} name @param {Nodes} nodes */
export async function openBare(name, nodes) {
  const handle = await /** @type {(nodes: Nodes) => Promise<Handle>} */ (openers[name])(nodes);
  /** @param {Uint8Array} bytes */
  async function exchange(bytes) {
    /** @type {Uint8Array[]} */
    const chunks = [];
    let reading = handle.read();
    await handle.write(bytes);
    for (;;) {
      const chunk = await reading;
      chunks.push(chunk);
      // The second delimiter, wherever the first one was; behind it there is padding at most.
      if (chunk.lastIndexOf(0) > 0) return chunks;
      reading = handle.read();
    }
  }
  /** @type {import('@bluetap/protocol').Message | undefined} */
  let heard;
  const decoder = new FrameDecoder({
    onFrame: (frame) => {
      const decoded = decodeMessage(frame);
      if (decoded.ok) heard = decoded.message;
    },
  });
  const chunks = await exchange(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 7 }));
  for (const chunk of chunks) decoder.push(chunk);
  // HELLO's reply is longer than a report.
  while (!heard) decoder.push(await handle.read());
  const { session } = heard;
  const pay = (/** @type {PayCommand} */ command, /** @type {number} */ at) =>
    encodeMessage({ type: 'PAY', session, sequence: at + 1, ...command });
  return {
    /** The frames of commands in the line's session. @param {readonly PayCommand[]} commands */
    framesOf: (commands) => commands.map(pay),
    exchange: async (/** @type {Uint8Array} */ bytes) => void (await exchange(bytes)),
    /** The same with the frame made and its reply read. @param {PayCommand} command @param {number} at */
    pay: async (command, at) => {
      for (const chunk of await exchange(pay(command, at))) decoder.push(chunk);
      if (heard?.type !== 'PAY_REPLY' || heard.sequence !== at + 1) throw new Error('no reply');
    },
    close: () => handle.close(),
  };
}
