// Writes what the kernel unpacks as its first root: an archive in the format "newc" of cpio (Linux,
// Documentation/driver-api/early-userspace/buffer-format.rst).

const folderMode = 0o040755;
const programMode = 0o100755;

/** @typedef {{ name: string, content?: Uint8Array }} Entry without content it is a folder; folders come before what is in them */

/** @param {readonly Entry[]} entries @returns {Buffer} */
export function writeCpio(entries) {
  const records = entries.map(({ name, content }, index) =>
    record(index + 1, content ? programMode : folderMode, name, content ?? new Uint8Array()),
  );
  return Buffer.concat([...records, record(0, 0, 'TRAILER!!!', new Uint8Array())]);
}

/** @param {number} inode @param {number} mode @param {string} name @param {Uint8Array} content */
function record(inode, mode, name, content) {
  const named = Buffer.from(`${name}\0`);
  // inode, mode, user, group, links, time, size, device and special device in two numbers each, name's size, no checksum
  const numbers = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, named.length, 0];
  const header = `070701${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), named])), padded(content)]);
}

/** To a multiple of 4 bytes. @param {Uint8Array} bytes */
function padded(bytes) {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
