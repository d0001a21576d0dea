import { textOf } from './looking.js';

export interface Group {
  readonly name: string;
  readonly gid: number;
  /** Those whom the file names; whose first group it is does not stand there. */
  readonly members: readonly string[];
}

/** The groups of a file such as /etc/group; none where it cannot be read. Lines that are no group are passed over. */
export function groupsOf(file: string): readonly Group[] {
  return (textOf(file) ?? '').split('\n').flatMap((line) => {
    const [name = '', , gid = '', members = ''] = line.trim().split(':');
    if (name === '' || name.startsWith('#') || !/^\d+$/.test(gid)) return [];
    return [{ name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') }];
  });
}
