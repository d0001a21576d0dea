/** The URI abbreviations of the NFC Forum's URI Record Type Definition 1.0, table 3. The index is the code. */
const URI_PREFIXES = [
  '',
  'http://www.',
  'https://www.',
  'http://',
  'https://',
  'tel:',
  'mailto:',
  'ftp://anonymous:anonymous@',
  'ftp://ftp.',
  'ftps://',
  'sftp://',
  'smb://',
  'nfs://',
  'ftp://',
  'dav://',
  'news:',
  'telnet://',
  'imap:',
  'rtsp://',
  'urn:',
  'pop:',
  'sip:',
  'sips:',
  'tftp:',
  'btspp://',
  'btl2cap://',
  'btgoep://',
  'tcpobex://',
  'irdaobex://',
  'file://',
  'urn:epc:id:',
  'urn:epc:tag:',
  'urn:epc:pat:',
  'urn:epc:raw:',
  'urn:epc:',
  'urn:nfc:',
];

/** The header of the only record of a message: message begin, message end, well-known type. */
const ONLY_RECORD = 0xc1;
const SHORT_RECORD = 0x10;
const TYPE_URI = 0x55;

/**
 * Encodes the data that a phone reads from the tag: an NDEF message with one URI record (NFC Forum NDEF 1.0 and RTD URI
 * 1.0). A well-known prefix such as "https://" takes one byte. A payload of at most 255 bytes makes a short record.
 */
export function encodeUriMessage(uri: string): Uint8Array {
  let code = 0;
  for (let at = 1; at < URI_PREFIXES.length; at++) {
    if (uri.startsWith(URI_PREFIXES[at]!) && URI_PREFIXES[at]!.length > URI_PREFIXES[code]!.length) code = at;
  }
  const rest = new TextEncoder().encode(uri.slice(URI_PREFIXES[code]!.length));
  const length = rest.length + 1;
  const header =
    length < 256
      ? [ONLY_RECORD | SHORT_RECORD, 1, length]
      : [ONLY_RECORD, 1, length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff];
  return Uint8Array.of(...header, TYPE_URI, code, ...rest);
}
