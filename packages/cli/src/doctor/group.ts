import { textOf } from './looking.js';

export interface Group {
  readonly name: string;
  readonly gid: number;
  /** The users that the file names. The file does not name a user whose first group this is. */
  readonly members: readonly string[];
}

/**
 * Reads the groups of a file such as /etc/group. Returns [] if it cannot be read. Ignores lines that are not a group.
 */
export function groupsOf(file: string): readonly Group[] {
  return (textOf(file) ?? '').split('\n').flatMap((line) => {
    const [name = '', , gid = '', members = ''] = line.trim().split(':');
    if (name === '' || name.startsWith('#') || !/^\d+$/.test(gid)) return [];
    return [{ name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') }];
  });
}
