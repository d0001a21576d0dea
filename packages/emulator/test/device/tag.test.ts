import { Emulator, encodeUriMessage } from '@bluetap/emulator';
import * as ndef from 'ndef';
import { describe, expect, test } from 'vitest';
import { RawHost } from '../raw-host.js';

describe('the NDEF message, compared with a published library', () => {
  test.each([
    'https://bluetap.example/pay/TRUEMONEY?amount=1.50',
    'https://www.bluetap.example/',
    'http://bluetap.example/',
    'http://www.bluetap.example/',
    'tel:+6621234567',
    'urn:nfc:sn',
    'bluetap:pay',
    'https://',
    `https://bluetap.example/${'x'.repeat(230)}`,
    `https://bluetap.example/${'x'.repeat(237)}`,
    `https://bluetap.example/${'x'.repeat(239)}`,
    `https://bluetap.example/${'x'.repeat(60_000)}`,
  ])('%#', (uri) => {
    const message = [...encodeUriMessage(uri)];
    expect(message).toEqual(ndef.encodeMessage([ndef.uriRecord(uri)]));
    expect(ndef.decodeMessage(message)).toMatchObject([{ tnf: 1, type: 'U', value: uri }]);
  });

  test.each([
    ['a payload of 255 bytes is short', 238, [0xd1, 1, 255, 0x55, 4]],
    ['a payload of 256 bytes is long', 239, [0xc1, 1, 0, 0, 1, 0, 0x55, 4]],
    ['a payload of 70017 bytes', 70_000, [0xc1, 1, 0, 1, 0x11, 0x81, 0x55, 4]],
  ])('%s, where only the reading of the library is correct', (_, length, head) => {
    const uri = `https://bluetap.example/${'x'.repeat(length)}`;
    const message = [...encodeUriMessage(uri)];
    expect(message.slice(0, head.length)).toEqual(head);
    expect(ndef.decodeMessage(message)).toMatchObject([{ tnf: 1, type: 'U', value: uri }]);
  });

  test('uses the longest abbreviation, which the library does not find here', () => {
    const message = encodeUriMessage('urn:epc:id:sgtin:1');
    expect(message[4]).toBe(0x1e);
    expect(ndef.decodeMessage([...message])).toMatchObject([{ value: 'urn:epc:id:sgtin:1' }]);
  });

  test('encodes characters outside ASCII as UTF-8', () => {
    expect(ndef.decodeMessage([...encodeUriMessage('https://ä.example')])).toMatchObject([
      { value: 'https://ä.example' },
    ]);
  });
});

describe('the payment link template', () => {
  const everything = { amount: '1.50', orderId: 'A&?#/+%1', expiryTime: 60 };

  test.each([
    [undefined, everything, 'https://bluetap.example/pay/TRUEMONEY?amount=1.50&order=A%26%3F%23%2F%2B%251&expires=60'],
    [undefined, {}, 'https://bluetap.example/pay/TRUEMONEY?expires=900'],
    ['https://x.example/?o={orderId}', {}, 'https://x.example/'],
    ['https://x.example/?o={orderId}#a', {}, 'https://x.example/#a'],
    ['https://x.example/?fixed=1&both={amount}-{orderId}', { amount: '1' }, 'https://x.example/?fixed=1'],
    ['https://x.example/{orderId}/{amount}#{orderId}', { amount: '1' }, 'https://x.example//1#'],
    [
      'https://x.example/{serialNumber}/{orderId}{orderId}',
      { orderId: '$&' },
      'https://x.example/EMU%200001/%24%26%24%26',
    ],
    ['wallet:{paymentMethod}', {}, 'wallet:TRUEMONEY'],
    ['https://x.example/nothing', everything, 'https://x.example/nothing'],
  ])('%s with %o', (linkTemplate, fields, uri) => {
    const emulator = new Emulator({ serialNumber: 'EMU 0001', ...(linkTemplate && { linkTemplate }) });
    const host = new RawHost(emulator);
    host.hello();
    host.request({ type: 'PAY', paymentMethod: 'TRUEMONEY', ...fields });
    const tap = emulator.tap()!;
    expect(tap.uri).toBe(uri);
    expect(emulator.snapshot.uri).toBe(uri);
    expect(tap.ndef).toEqual(encodeUriMessage(uri));
    emulator.powerCycle();
  });
});

test.each([
  [
    { linkTemplate: 'https://x.example/{order}' },
    'linkTemplate: unknown placeholder {order}; these are known: {paymentMethod}',
  ],
  [{ linkTemplate: 'https://x.example/{}' }, 'unknown placeholder {}'],
  [{ linkTemplate: 'https://x.example/{toString}' }, 'unknown placeholder {toString}'],
  [{ linkTemplate: 'https://x.example/{amount' }, 'a brace has no matching brace'],
  [{ linkTemplate: 'https://x.example/}{' }, 'a brace has no matching brace'],
  [{ linkTemplate: '/pay/{amount}' }, 'is not an absolute URI'],
  [{ linkTemplate: '' }, 'is not an absolute URI'],
  [{ serialNumber: '' }, 'serialNumber: must be 1 to 32 printable ASCII characters'],
  [{ serialNumber: 'x'.repeat(33) }, 'serialNumber'],
  [{ serialNumber: 'ä' }, 'serialNumber'],
  [{ serialNumber: 'a\n' }, 'serialNumber'],
  [{ model: 'x'.repeat(17) }, 'model: must be 1 to 16'],
  [{ firmware: '\u009b' }, 'firmware: must be 1 to 16 printable ASCII characters, but is "\\u009b"'],
])('the option %o is refused', (options, message) => {
  expect(() => new Emulator(options)).toThrow(RangeError);
  expect(() => new Emulator(options)).toThrow(message);
});
