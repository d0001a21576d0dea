import { existsSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { isAttached, lookAt } from './device-node.js';
import type { Group } from './group.js';
import type { Machine } from './machine.js';
import type { InstalledRule } from './udev-rule.js';
import { INSTALL_RULE } from './udev-rules.js';

/** Facts about the machine that several findings need. */
export interface Known {
  readonly machine: Machine;
  readonly rule: InstalledRule | undefined;
  readonly groups: readonly Group[];
}

/** In a container, the kernel shows this number for each group of the machine that the container does not have. */
const UNKNOWN_GID = 65534;

/** The reason why a node cannot be opened. `gone`: the device was unplugged during the check, which is not a fault. */
export interface Barrier {
  readonly advice: string;
  readonly gone?: true;
}

/**
 * Returns why this user cannot open a node, and the one step that helps. Undefined if no reason is visible without
 * opening the node.
 */
export function barrierOf(node: string, known: Known): Barrier | undefined {
  const { machine } = known;
  const look = lookAt(node);
  if ('code' in look) return withoutNode(node, look.code, machine);
  if (machine.mayOpen(node)) return undefined;
  if (machine.platform !== 'linux') {
    return { advice: `this user may not open ${node}: run the program as a user who may open it` };
  }
  return { advice: whyDenied(node, look.stats, known) };
}

function withoutNode(node: string, code: string, machine: Machine): Barrier {
  if (code !== 'ENOENT' && code !== 'ENOTDIR') {
    return { advice: `${node} cannot be examined (${code}): give this user access to the folder ${dirname(node)}` };
  }
  if (machine.platform !== 'linux' || isAttached(node, machine) === false) {
    return { advice: 'it was unplugged just now: run this command again', gone: true };
  }
  return {
    advice: `the kernel has the device, but there is no ${node} here: this is a container that does not share /dev. Start it with --device=${node}`,
  };
}

function whyDenied(node: string, { mode, gid }: Stats, { machine, rule, groups }: Known): string {
  const { user } = machine;
  if (user.uid === 0) {
    return `root may not open ${node}: this is the root of a container, not of the machine. On the machine, let the user who starts the container open it (bluetap udev-rules)`;
  }
  // The group root has no other members, so a node of this group is for root only.
  if ((mode & 0o060) === 0o060 && gid !== 0) return whyNotByGroup(node, gid, groups, machine);
  if (isContainer(machine)) {
    return `in this container only root may open ${node}. On the machine outside of the container: ${INSTALL_RULE}`;
  }
  if (!rule) return `only root may open ${node}, because no udev rule is installed: ${INSTALL_RULE}`;
  const [group] = rule.groups;
  if (group === undefined) {
    return `the udev rule ${rule.file} lets only the user at the screen open ${node}: ${INSTALL_RULE}`;
  }
  if (!rule.groups.some((name) => groups.some((each) => each.name === name))) {
    const add = user.name === undefined ? '' : ` && sudo usermod -aG ${group} ${user.name}`;
    return `the udev rule ${rule.file} is for the group ${group}, which does not exist on this machine: sudo groupadd --system ${group}${add}, then plug the device in again and log in again`;
  }
  return `the udev rule ${rule.file} has not been applied to ${node}: plug the device in again, or sudo udevadm control --reload && sudo udevadm trigger --action=add`;
}

function whyNotByGroup(node: string, gid: number, groups: readonly Group[], machine: Machine): string {
  const { user } = machine;
  const group = groups.find((each) => each.gid === gid);
  const container = `start the container with --group-add=${gid === UNKNOWN_GID ? 'keep-groups' : gid}`;
  if (user.gids.includes(gid)) {
    const name = group?.name ?? gid;
    return `this user is in the group ${name} but still may not open ${node}: check what AppArmor, SELinux or an access list forbids (getfacl ${node})`;
  }
  if (!group) return `${node} is for the group number ${gid}, which has no name here: ${container}`;
  if (user.name === undefined || isContainer(machine)) {
    return `${node} is for the group ${group.name} (${gid}), and the user number ${user.uid} is not in it: ${container}`;
  }
  if (group.members.includes(user.name)) {
    return `${node} is for the group ${group.name}. ${user.name} was added to this group after this login: log out and log in again`;
  }
  return `${node} is for the group ${group.name}, and ${user.name} is not in it: sudo usermod -aG ${group.name} ${user.name}, then log out and log in again`;
}

/** True if this machine is known to be a container. */
export function isContainer({ containerMarks }: Machine): boolean {
  return containerMarks.some((mark) => existsSync(mark));
}
