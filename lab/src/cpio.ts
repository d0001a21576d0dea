// Writes what the kernel unpacks as its first root: an archive in the format "newc" of cpio (Linux,
// Documentation/driver-api/early-userspace/buffer-format.rst).

const folderMode = 0o040755;
const programMode = 0o100755;

/** A file or folder of an archive. Folders come before what is in them. */
export interface CpioEntry {
  readonly name: string;
  /** Without it, this is a folder. */
  readonly content?: Uint8Array;
}

/** The archive of these files, each of which may be executed, and folders. */
export function writeCpio(entries: readonly CpioEntry[]): Buffer {
  const records = entries.map(({ name, content }, index) =>
    record(index + 1, content ? programMode : folderMode, name, content ?? new Uint8Array()),
  );
  return Buffer.concat([...records, record(0, 0, 'TRAILER!!!', new Uint8Array())]);
}

function record(inode: number, mode: number, name: string, content: Uint8Array): Buffer {
  const named = Buffer.from(`${name}\0`);
  // inode, mode, user, group, links, time, size, device and special device in two numbers each, name's size, no checksum
  const numbers = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, named.length, 0];
  const header = `070701${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), named])), padded(content)]);
}

/** To a multiple of 4 bytes. */
function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
