import { readdirSync, statSync } from 'node:fs';

/** The names of which serialport makes ports on Linux. */
const PORT = /^(tty(S|WCH|ACM|USB|AMA|MFD|O|XRUSB)|rfcomm)/;

/**
 * What shows on Linux that a port came, went or became another one's, without asking udevadm, which is a process each
 * time: the device nodes, and what udev has written about each. A port is listed with its ids only once that is there.
 */
export function portNodes(nodes = '/dev', udev = '/run/udev/data'): string {
  return readdirSync(nodes)
    .filter((name) => PORT.test(name))
    .map((name) => {
      const node = statSync(`${nodes}/${name}`, { throwIfNoEntry: false });
      if (!node) return name;
      const major = (node.rdev >>> 8) & 0xfff;
      const minor = (node.rdev & 0xff) | ((node.rdev >>> 12) & 0xfff00);
      const known = statSync(`${udev}/c${major}:${minor}`, { throwIfNoEntry: false });
      return `${name} ${node.ino} ${node.ctimeMs} ${known?.ino} ${known?.mtimeMs}`;
    })
    .sort()
    .join('\n');
}
