import { join } from 'node:path';
import { USB_PRODUCT_ID, USB_VENDOR_ID } from '@bluetap/transport';
import { namesIn, textOf } from './looking.js';

/** What the rules that are installed do for a BlueTap device. */
export interface InstalledRule {
  /** The file with the first line that lets a user open the device. */
  readonly file: string;
  /** The groups that may open it, by all the lines. */
  readonly groups: readonly string[];
  /** Whether ModemManager is told to leave its serial port alone. */
  readonly keepsModemManagerAway: boolean;
}

interface Item {
  /** "ATTRS{idVendor}", "MODE". */
  readonly key: string;
  readonly operator: string;
  readonly value: string;
}

/**
 * Looks through udev's rules for lines that name both ids of a BlueTap device. Undefined when none of them lets anybody open
 * it. A rule for another product of the same vendor number, which many share, is not ours.
 * @param folders The one that counts most first.
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

/** Those that udev reads, in its order: by name, and of one name that of the first folder. */
function filesOf(folders: readonly string[]): readonly string[] {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const name of namesIn(folder)) {
      if (name.endsWith('.rules') && !files.has(name)) files.set(name, join(folder, name));
    }
  }
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

/** The lines that mean something; a backslash at the end of one goes on in the next. */
function linesOf(file: string): readonly string[] {
  // A link to /dev/null is how one is switched off.
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

/** Whether the line asks for this id; it may ask for others as well: "0001|0002". */
function compares(items: readonly Item[], key: RegExp, id: number): boolean {
  return items.some(
    (item) =>
      item.operator === '==' &&
      key.test(item.key) &&
      item.value.split('|').some((each) => /^[\da-f]{4}$/i.test(each) && Number.parseInt(each, 16) === id),
  );
}

/** Whether the line lets anybody but root open it: a group, those at the screen, or everybody. */
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
