// Writes the archive that the kernel unpacks as its first root. Its format is "newc" of cpio (Linux,
// Documentation/driver-api/early-userspace/buffer-format.rst).

const folderMode = 0o040755;
const programMode = 0o100755;

/** A file or folder of an archive. A folder comes before its files. */
export interface CpioEntry {
  readonly name: string;
  /** The content of a file. Undefined for a folder. */
  readonly content?: Uint8Array;
}

/** Returns the archive of these files and folders. Every file is executable. */
export function writeCpio(entries: readonly CpioEntry[]): Buffer {
  const records = entries.map(({ name, content }, index) =>
    record(index + 1, content ? programMode : folderMode, name, content ?? new Uint8Array()),
  );
  return Buffer.concat([...records, record(0, 0, 'TRAILER!!!', new Uint8Array())]);
}

function record(inode: number, mode: number, name: string, content: Uint8Array): Buffer {
  const named = Buffer.from(`${name}\0`);
  // inode, mode, user, group, links, time, size, device (2 numbers), special device (2 numbers), size of the name, no
  // checksum
  const numbers = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, named.length, 0];
  const header = `070701${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), named])), padded(content)]);
}

/** Adds zero bytes up to a multiple of 4 bytes. */
function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
