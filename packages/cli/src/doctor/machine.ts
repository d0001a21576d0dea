import { accessSync, constants } from 'node:fs';
import { userInfo } from 'node:os';
import { looking } from './looking.js';

/** Where a Linux machine says who may open what, and for whom it is asked. Tests give folders that they have made. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** The folder of the device nodes: /dev. */
  readonly dev: string;
  /** What the kernel says of devices: /sys. */
  readonly sys: string;
  /** What the kernel says of processes: /proc. */
  readonly proc: string;
  /** The list of groups: /etc/group. */
  readonly groupFile: string;
  /** The folders of udev's rules. Of two files of one name only that of the first folder counts. */
  readonly ruleFolders: readonly string[];
  /** Files that only a container has. */
  readonly containerMarks: readonly string[];
  /** For whom it is asked. Without a name where the machine has none for the number. */
  readonly user: { readonly name?: string; readonly uid: number; readonly gids: readonly number[] };
  /** Whether this user may read and write there, by all that the system knows without opening it. */
  mayOpen(node: string): boolean;
}

/** The machine and the user that this process runs on and as. Never throws. */
export function thisMachine(): Machine {
  // A container can have users that no file names.
  const name = looking<string | undefined>(() => userInfo().username, undefined);
  const uid = process.geteuid?.() ?? 0;
  const gids = looking(() => [process.getegid?.() ?? 0, ...(process.getgroups?.() ?? [])], []);
  return {
    platform: process.platform,
    dev: '/dev',
    sys: '/sys',
    proc: '/proc',
    groupFile: '/etc/group',
    ruleFolders: [
      '/etc/udev/rules.d',
      '/run/udev/rules.d',
      '/usr/local/lib/udev/rules.d',
      '/usr/lib/udev/rules.d',
      '/lib/udev/rules.d',
    ],
    containerMarks: ['/.dockerenv', '/run/.containerenv', '/run/systemd/container'],
    user: { uid, gids, ...(name !== undefined && { name }) },
    mayOpen: (node) =>
      looking(() => {
        accessSync(node, constants.R_OK | constants.W_OK);
        return true;
      }, false),
  };
}
