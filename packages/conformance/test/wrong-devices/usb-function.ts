// A device as a function of USB: bytes travel in packets of 64. docs/protocol.md section 1, "Transports".
import type { Connection } from './connection.js';
import type { Device } from './device.js';
import type { Endpoint, FarEnd } from './in-process.js';
import type { Does } from './mistakes/index.js';
import { join } from './wire.js';

const PACKET = 64;

/** The far end of a function. */
interface FunctionEnd extends FarEnd {
  readonly connection: Connection;
}

function packetsOf(bytes: Uint8Array, filled: boolean): Uint8Array[] {
  const count = Math.ceil(bytes.length / PACKET);
  const all = filled ? join(bytes, new Uint8Array(count * PACKET - bytes.length)) : bytes;
  return Array.from({ length: count }, (_, at) => all.subarray(at * PACKET, (at + 1) * PACKET));
}

/** The HID or the bulk function of `device`. */
export function usbFunction(device: Device, kind: 'HID' | 'vendor bulk', does: Does): Endpoint<FunctionEnd> {
  const filled = kind === 'HID';
  return {
    serialNumber: device.serialNumber,
    interface: kind,
    connect(line) {
      const connection = device.connect({
        send(bytes) {
          const late = does('a reply begins in the middle of a report');
          for (const packet of packetsOf(late ? join(new Uint8Array(3), bytes) : bytes, filled)) line.send(packet);
        },
        end: () => line.end(),
      });
      let held = new Uint8Array();
      return {
        connection,
        receive(bytes) {
          for (const packet of packetsOf(bytes, filled)) {
            held = new Uint8Array(join(held, packet));
            if (packet.length === PACKET && !filled && does('a packet of 64 bytes waits for a shorter one')) continue;
            connection.receive(held);
            held = new Uint8Array();
          }
        },
      };
    },
    disconnect: ({ connection }) => device.disconnect(connection),
  };
}
