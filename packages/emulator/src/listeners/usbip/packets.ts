import { MAX_PACKET } from './descriptors.js';

/** Cuts the device's bytes into packets of one function. Each time a function opens, it gets a new packer. */
export type Packer = (bytes: Uint8Array) => Uint8Array[];

/** Each frame starts a transfer. Its last packet is not padded. docs/protocol.md, Transports. */
export const bulkPackets = (): Packer => (bytes) => split(bytes);

/**
 * A host reads a serial port in transfers of any length; cdc-acm uses 128 bytes. If the last packet has the full
 * length, an empty packet follows. Otherwise the bytes would stay in the host's buffer until the next frame.
 */
export const cdcPackets = (): Packer => (bytes) => {
  const packets = split(bytes);
  if (bytes.length > 0 && bytes.length % MAX_PACKET === 0) packets.push(new Uint8Array(0));
  return packets;
};

/**
 * Makes reports of 64 bytes and fills the last report with zeros. Zeros end a frame. If a frame comes in parts, its
 * first bytes therefore wait for the part that ends the frame.
 */
export const hidReports = (): Packer => {
  let waiting: Uint8Array = new Uint8Array(0);
  return (bytes) => {
    let all = bytes;
    if (waiting.length > 0) {
      all = new Uint8Array(waiting.length + bytes.length);
      all.set(waiting);
      all.set(bytes, waiting.length);
    }
    const whole = all.at(-1) === 0 ? all.length : all.length - (all.length % MAX_PACKET);
    waiting = all.slice(whole);
    return split(all.subarray(0, whole)).map((packet) => {
      if (packet.length === MAX_PACKET) return packet;
      const report = new Uint8Array(MAX_PACKET);
      report.set(packet);
      return report;
    });
  };
};

function split(bytes: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += MAX_PACKET) packets.push(bytes.subarray(at, at + MAX_PACKET));
  return packets;
}
