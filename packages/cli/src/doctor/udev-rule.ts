import { join } from 'node:path';
import { USB_PRODUCT_ID, USB_VENDOR_ID } from '@bluetap/transport';
import { namesIn, textOf } from './looking.js';

/** The effect of the installed udev rules on a BlueTap device. */
export interface InstalledRule {
  /** The file with the first line that lets a user open the device. */
  readonly file: string;
  /** The groups of all lines that let a group open the device. */
  readonly groups: readonly string[];
  /** True if a rule tells ModemManager not to open the serial port of the device. */
  readonly keepsModemManagerAway: boolean;
}

interface Item {
  /** For example "ATTRS{idVendor}" or "MODE". */
  readonly key: string;
  readonly operator: string;
  readonly value: string;
}

/**
 * Searches udev's rules for lines that name both ids of a BlueTap device. Returns undefined if none of these lines lets
 * a user open the device. Many products share the vendor id, so a rule for another product of this vendor id does not
 * count.
 * @param folders The folders of the rules, the folder with the highest priority first.
 */
export function installedRule(folders: readonly string[]): InstalledRule | undefined {
  const ours = filesOf(folders).flatMap((file) =>
    linesOf(file)
      .map(itemsOf)
      .filter(isOurs)
      .map((items) => ({ file, items })),
  );
  const granting = ours.filter(({ items }) => grants(items));
  if (granting.length === 0) return undefined;
  const groups = granting.flatMap(({ items }) => assigned(items, 'GROUP'));
  const ignored = ours.some(({ items }) =>
    ['ENV{ID_MM_DEVICE_IGNORE}', 'ENV{ID_MM_PORT_IGNORE}'].some((key) => assigned(items, key).includes('1')),
  );
  return { file: granting[0]!.file, groups: [...new Set(groups)], keepsModemManagerAway: ignored };
}

/**
 * Returns the files that udev reads, sorted by name as udev does. For each name, the file of the first folder counts.
 */
function filesOf(folders: readonly string[]): readonly string[] {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const name of namesIn(folder)) {
      if (name.endsWith('.rules') && !files.has(name)) files.set(name, join(folder, name));
    }
  }
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

/** Returns the lines of a file without comments. A line that ends with a backslash continues in the next line. */
function linesOf(file: string): readonly string[] {
  // A rules file that is a link to /dev/null is switched off. It is not an ordinary file, so `textOf` returns
  // undefined.
  return (textOf(file) ?? '')
    .split(/\r?\n/)
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll('\\\n', '')
    .split('\n');
}

function itemsOf(line: string): readonly Item[] {
  const items = line.matchAll(/([A-Z_]+(?:\{[^}]*\})?)\s*([=!+:-]?=)\s*[ei]*"((?:[^"\\]|\\.)*)"/g);
  return [...items].map(([, key, operator, value]) => ({ key: key!, operator: operator!, value: value! }));
}

function isOurs(items: readonly Item[]): boolean {
  return (
    compares(items, /^ATTRS?\{idVendor\}$|^ENV\{ID_VENDOR_ID\}$/, USB_VENDOR_ID) &&
    compares(items, /^ATTRS?\{idProduct\}$|^ENV\{ID_MODEL_ID\}$/, USB_PRODUCT_ID)
  );
}

/** True if the line compares with this id. The line can also name other ids: "0001|0002". */
function compares(items: readonly Item[], key: RegExp, id: number): boolean {
  return items.some(
    (item) =>
      item.operator === '==' &&
      key.test(item.key) &&
      item.value.split('|').some((each) => /^[\da-f]{4}$/i.test(each) && Number.parseInt(each, 16) === id),
  );
}

/** True if the line lets a user who is not root open the device: a group, an owner, the user at the screen, or all. */
function grants(items: readonly Item[]): boolean {
  const everybody = assigned(items, 'MODE').some((mode) => (Number.parseInt(mode, 8) & 0o006) === 0o006);
  return (
    everybody ||
    assigned(items, 'TAG').includes('uaccess') ||
    assigned(items, 'GROUP').length > 0 ||
    assigned(items, 'OWNER').length > 0
  );
}

function assigned(items: readonly Item[], key: string): readonly string[] {
  return items
    .filter((item) => item.key === key && ['=', ':=', '+='].includes(item.operator))
    .map(({ value }) => value);
}
