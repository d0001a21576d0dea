/** Characters that a URI may have. RFC 3986, section 2. */
const URI = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;
/** The highest code of a prefix in the NFC Forum's URI Record Type Definition 1.0. */
const HIGHEST_PREFIX = 0x23;

interface NdefRecord {
  readonly first: boolean;
  readonly last: boolean;
  readonly kind: number;
  readonly type: string;
  readonly payload: Uint8Array;
}

/** True if a phone that read this has read nothing: no bytes, or an empty record. */
export function isBlank(ndef: Uint8Array): boolean {
  return ndef.length === 0 || (ndef.length === 3 && (ndef[0]! & 0x07) === 0 && ndef[1] === 0 && ndef[2] === 0);
}

/**
 * Reads the URI of a payment link: the payload of the URI record that comes first, without the prefix that a code stands for.
 * docs/protocol.md section 4, R-55: other records may follow.
 * @returns The rest of the URI, or why the message is wrong.
 */
export function readUri(ndef: Uint8Array): { readonly uri: string } | { readonly wrong: string } {
  const records = readRecords(ndef);
  if (!records) return { wrong: 'the NDEF message is cut short, or in chunks' };
  const [link] = records;
  const marked = records.every(({ first, last }, at) => first === (at === 0) && last === (at === records.length - 1));
  if (!marked) return { wrong: 'the flags "message begin" and "message end" do not mark the first and last record' };
  if (link?.kind !== 1 || link.type !== 'U') return { wrong: 'the first record is no URI record' };
  const [prefix = 0xff, ...rest] = link.payload;
  if (prefix > HIGHEST_PREFIX) return { wrong: `the prefix of the URI has the unknown code ${prefix}` };
  const uri = textOf(rest);
  if (prefix === 0 && !/^[A-Za-z][\w+.-]*:/.test(uri)) return { wrong: `"${uri}" has no scheme` };
  if (uri === '') return { wrong: 'the URI is empty' };
  if (!URI.test(uri)) return { wrong: `"${uri}" has characters that must be percent-encoded` };
  return { uri };
}

function readRecords(ndef: Uint8Array): readonly NdefRecord[] | undefined {
  const records: NdefRecord[] = [];
  for (let at = 0; at < ndef.length; ) {
    const flags = ndef[at]!;
    const short = (flags & 0x10) !== 0;
    const hasId = (flags & 0x08) !== 0;
    let next = at + (short ? 3 : 6);
    if ((flags & 0x20) !== 0 || next + (hasId ? 1 : 0) > ndef.length) return undefined;
    const typeLength = ndef[at + 1]!;
    const length = short ? ndef[at + 2]! : new DataView(ndef.buffer, ndef.byteOffset + at + 2, 4).getUint32(0);
    const idLength = hasId ? ndef[next++]! : 0;
    const payload = next + typeLength + idLength;
    at = payload + length;
    if (at > ndef.length) return undefined;
    records.push({
      first: (flags & 0x80) !== 0,
      last: (flags & 0x40) !== 0,
      kind: flags & 0x07,
      type: textOf(ndef.subarray(next, next + typeLength)),
      payload: ndef.slice(payload, at),
    });
  }
  return records;
}

function textOf(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
