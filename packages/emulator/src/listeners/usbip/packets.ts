import { MAX_PACKET } from './descriptors.js';

/** Cuts what the device says into packets of one function. Each opening of the function gets a packer of its own. */
export type Packer = (bytes: Uint8Array) => Uint8Array[];

/** A frame starts a transfer, and its last packet is as short as it is. docs/protocol.md, Transports. */
export const bulkPackets = (): Packer => (bytes) => split(bytes);

/**
 * A serial port is read in transfers of any length, cdc-acm's have 128 bytes: what ends with a packet of full length is
 * followed by an empty one, or it would stay in the host's buffer until the next frame.
 */
export const cdcPackets = (): Packer => (bytes) => {
  const packets = split(bytes);
  if (bytes.length > 0 && bytes.length % MAX_PACKET === 0) packets.push(new Uint8Array(0));
  return packets;
};

/**
 * Reports of 64 bytes, what is left of the last one filled with zeros. Zeros end a frame: so the beginning of one that
 * comes in pieces waits for the piece that ends it.
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
