import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';

const VHCI = '/sys/devices/platform/vhci_hcd.0';
const REPLY_LENGTH = 320;

/**
 * Attaches an exported device: what `usbip attach` does, which fails while another device comes or goes, and chooses a port
 * that another one may be choosing too.
 * @param busid Such as "1-2", which has port 2 of the virtual hub to itself
 */
export async function attach(busid: string): Promise<void> {
  const socket = connect(3240, '127.0.0.1');
  // As the tool does: otherwise the kernel holds back the second of two commands until the first is acknowledged, for 40 ms.
  socket.setNoDelay(true);
  const request = Buffer.alloc(40);
  request.set([0x01, 0x11, 0x80, 0x03]);
  request.write(busid, 8);
  socket.write(request);
  let reply = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    reply = Buffer.concat([reply, chunk]);
    if (reply.length >= 8 && reply.readUInt32BE(4) !== 0) throw new Error(`${busid}: status ${reply.readUInt32BE(4)}`);
    if (reply.length >= REPLY_LENGTH) break;
  }
  if (reply.length !== REPLY_LENGTH) throw new Error(`${busid}: the server has left`);
  socket.pause();
  const [bus, device, speed] = [0, 4, 8].map((at) => reply.readUInt32BE(8 + 256 + 32 + at));
  // The kernel keeps the socket; ours is closed without a word to the other side.
  const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle;
  const port = Number(busid.split('-')[1]) - 1;
  writeFileSync(`${VHCI}/attach`, `${port} ${fd} ${(Number(bus) << 16) | Number(device)} ${speed}`);
  socket.destroy();
}

/** Pulls an attached device off on the host's side, at once and without a word from it. */
export function detach(busid: string): void {
  writeFileSync(`${VHCI}/detach`, String(Number(busid.split('-')[1]) - 1));
}
