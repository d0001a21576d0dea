import { accessSync, constants } from 'node:fs';
import { userInfo } from 'node:os';
import { looking } from './looking.js';

/** The places where a Linux machine says who may open a device, and the user who asks. Tests use their own folders. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** The folder of the device nodes: /dev. */
  readonly dev: string;
  /** The folder in which the kernel describes devices: /sys. */
  readonly sys: string;
  /** The folder in which the kernel describes processes: /proc. */
  readonly proc: string;
  /** The list of groups: /etc/group. */
  readonly groupFile: string;
  /**
   * The folders of udev's rules. If two folders have a file of the same name, only the file of the first folder counts.
   */
  readonly ruleFolders: readonly string[];
  /** Files that only a container has. */
  readonly containerMarks: readonly string[];
  /** The user who asks. `name` is absent if the machine has no name for the number. */
  readonly user: { readonly name?: string; readonly uid: number; readonly gids: readonly number[] };
  /** True if the system says that this user may read and write the node. Does not open the node. */
  mayOpen(node: string): boolean;
}

/** Returns the machine and the user of this process. Never throws. */
export function thisMachine(): Machine {
  // In a container, a user can have no name.
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
