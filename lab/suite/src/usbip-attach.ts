import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';

const VHCI = '/sys/devices/platform/vhci_hcd.0';
const REPLY_LENGTH = 320;

/**
 * Attaches an exported device, as `usbip attach` does. That command fails while another device comes or goes. It also
 * can choose a port that another process chooses at the same time.
 * @param busid The bus id, such as "1-2". This device always has port 2 of the virtual hub.
 */
export async function attach(busid: string): Promise<void> {
  const socket = connect(3240, '127.0.0.1');
  // usbip does the same. Without it, the kernel holds the second of two commands back until the first one is
  // acknowledged, for 40 ms.
  socket.setNoDelay(true);
  const request = Buffer.alloc(40);
  request.set([0x01, 0x11, 0x80, 0x03]);
  request.write(busid, 8);
  socket.write(request);
  let reply = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    reply = Buffer.concat([reply, chunk]);
    if (reply.length >= 8 && reply.readUInt32BE(4) !== 0)
      throw new Error(`${busid}: the server refused with status ${reply.readUInt32BE(4)}`);
    if (reply.length >= REPLY_LENGTH) break;
  }
  if (reply.length !== REPLY_LENGTH)
    throw new Error(`${busid}: the server closed the connection before its reply was complete`);
  socket.pause();
  const [bus, device, speed] = [0, 4, 8].map((at) => reply.readUInt32BE(8 + 256 + 32 + at));
  // The kernel keeps the socket. This process closes only its own copy, so that the server does not see an end.
  const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle;
  const port = Number(busid.split('-')[1]) - 1;
  writeFileSync(`${VHCI}/attach`, `${port} ${fd} ${(Number(bus) << 16) | Number(device)} ${speed}`);
  socket.destroy();
}

/** Detaches a device at the side of the host, immediately and without an answer of the device. */
export function detach(busid: string): void {
  writeFileSync(`${VHCI}/detach`, String(Number(busid.split('-')[1]) - 1));
}
