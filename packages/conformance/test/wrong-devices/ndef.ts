// What a phone reads: docs/protocol.md section 4, "The tag".
import type { Does } from './mistakes/index.js';
import { bytesOf, join } from './wire.js';

const HTTPS = 4;
const ANDROID = bytesOf('android.com:pkg');

/** The content of a payment link that stands in its URL. */
export interface Order {
  readonly paymentMethod: string;
  readonly amount?: string | undefined;
  readonly orderId?: string | undefined;
}

/** Encodes each character that is not unreserved in RFC 3986. */
function percentEncoded(text: string): string {
  const hex = (character: string) => character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
  return text.replace(/[^A-Za-z0-9._~-]/g, (character) => `%${hex(character)}`);
}

function record(kind: number, type: Uint8Array, payload: Uint8Array): (first: boolean, last: boolean) => Uint8Array {
  return (first, last) => {
    const header = kind | 0x10 | (first ? 0x80 : 0) | (last ? 0x40 : 0);
    return join([header, type.length, payload.length], type, payload);
  };
}

/** The NDEF message of a payment link. `android`: an Android Application Record follows the URI. */
export function ndefOf({ paymentMethod, amount, orderId }: Order, does: Does, android: boolean): Uint8Array {
  const escaped = does('the order id is not escaped') ? (text: string) => text : percentEncoded;
  const query = Object.entries({ amount, order: orderId }).filter(([, value]) => value !== undefined);
  const text = query.map(([name, value]) => `${name}=${escaped(value ?? '')}`).join('&');
  const url = bytesOf(`pay.example/${paymentMethod}?${text}`);
  const uri = record(1, bytesOf('U'), join([HTTPS], url));
  const application = record(4, ANDROID, bytesOf('example.wallet'));
  const records = does('the tag holds a text record')
    ? [record(1, bytesOf('T'), join([2], bytesOf('en'), url))]
    : does('the tag begins with the Android record')
      ? [application, uri]
      : android
        ? [uri, application]
        : [uri];
  return join(...records.map((write, at) => write(at === 0, at === records.length - 1)));
}
