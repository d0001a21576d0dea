import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { STALL, UsbipClient } from './usbip-client.js';
import { World } from './world.js';

let world: World;
let client: UsbipClient;
beforeEach(async () => {
  world = await World.open();
  client = new UsbipClient(world.address);
  await client.import('1-1');
});
afterEach(() => world.close());

const low = (value: number) => value & 0xff;
const high = (value: number) => value >>> 8;

/** Sends GET_DESCRIPTOR with the length that the host requests. */
async function descriptor(type: number, { index = 0, length = 255, from = 0x80, of = 0 } = {}): Promise<string> {
  const setup = [from, 6, index, type, low(of), high(of), low(length), high(length)];
  const { status, data } = await client.control(setup);
  return status === 0 ? data.toString('hex') : String(status);
}

const hex = (...lines: string[]) => lines.join('').replaceAll(/\s/g, '');

describe('the device', () => {
  const device = hex(
    '12 01 0102', // USB 2.1, or no host reads the BOS
    'ef 02 01', // composite with interface associations
    '40', // packets of 64 bytes
    '0912 0100 0001', // 1209:0001, release 1.00
    '01 02 03 01',
  );

  test('has 18 bytes if 64 are requested first, and 8 if 8 are requested', async () => {
    expect(await descriptor(1, { length: 64 })).toBe(device);
    expect(await descriptor(1, { length: 18 })).toBe(device);
    expect(await descriptor(1, { length: 8 })).toBe(device.slice(0, 16));
    expect(await descriptor(1, { length: 0 })).toBe('');
  });

  test('has one configuration of four interfaces', async () => {
    const configuration = hex(
      '09 02 8200 04 01 00 80 32', // 130 bytes, 4 interfaces, value 1, powered by the bus, 100 mA
      '09 04 00 00 02 03 00 00 04', // interface 0: HID
      '09 21 1101 00 01 22 1900', // HID 1.11, a report descriptor of 25 bytes
      '07 05 81 03 4000 01',
      '07 05 01 03 4000 01', // 1 IN and OUT: interrupt, 64 bytes, every millisecond
      '09 04 01 00 02 ff 00 00 05', // interface 1: vendor class
      '07 05 82 02 4000 00',
      '07 05 02 02 4000 00', // 2 IN and OUT: bulk, 64 bytes
      '08 0b 02 02 02 02 00 06', // interfaces 2 and 3 belong together
      '09 04 02 00 01 02 02 00 06', // interface 2: CDC, ACM
      '05 24 00 2001', // CDC 1.20
      '05 24 01 00 03', // call management: none; data at interface 3
      '04 24 02 06', // line coding and state, break
      '05 24 06 02 03', // union of 2 and 3
      '07 05 83 03 1000 10', // 3 IN: interrupt, for notifications
      '09 04 03 00 02 0a 00 00 06', // interface 3: CDC data
      '07 05 84 02 4000 00',
      '07 05 04 02 4000 00', // 4 IN and OUT: bulk, 64 bytes
    );
    expect(await descriptor(2)).toBe(configuration);
    expect(await descriptor(2, { length: 9 })).toBe(configuration.slice(0, 18));
    expect(await descriptor(2, { index: 1 })).toBe(String(STALL));
  });

  test('has every string that a descriptor names, and no other string', async () => {
    const strings = [];
    for (let index = 1; index <= 6; index++) {
      const bytes = Buffer.from(await descriptor(3, { index }), 'hex');
      expect([...bytes.subarray(0, 2)]).toEqual([bytes.length, 3]);
      strings.push(bytes.subarray(2).toString('utf16le'));
    }
    expect(strings).toEqual([
      'BlueTap',
      'BlueTap (simulated)',
      'TEST-1',
      'BlueTap HID',
      'BlueTap bulk',
      'BlueTap serial',
    ]);
    expect(await descriptor(3)).toBe('04030904');
    expect(await descriptor(3, { index: 3, length: 2 })).toBe('0e03');
    expect(await descriptor(3, { index: 7 })).toBe(String(STALL));
    // Windows reads this string first of all. It is older than MS OS 2.0.
    expect(await descriptor(3, { index: 0xee })).toBe(String(STALL));
  });

  test.each([
    ['a device qualifier, because it has full speed only', 6, 0x80, 0],
    ['another speed', 7, 0x80, 0],
    ['a debug descriptor', 10, 0x80, 0],
    ['a HID descriptor of the bulk interface', 0x21, 0x81, 1],
    ['a report descriptor of the serial port', 0x22, 0x81, 2],
    ['a physical descriptor', 0x23, 0x81, 0],
    ['a device descriptor of an interface', 1, 0x81, 0],
  ])('does not have %s', async (_, type, from, of) => {
    expect(await descriptor(type, { from, of })).toBe(String(STALL));
  });

  test('describes its reports as in docs/protocol.md', async () => {
    const report = '0600ff0901a101150026ff00750895400902810209039102c0';
    expect(await descriptor(0x22, { from: 0x81 })).toBe(report);
    expect(await descriptor(0x22, { from: 0x81, length: 3 })).toBe(report.slice(0, 6));
    expect(await descriptor(0x21, { from: 0x81 })).toBe(hex('09 21 1101 00 01 22 1900'));
  });
});

describe('for Windows', () => {
  test('the BOS descriptor says which request reads the descriptor set', async () => {
    const bos = hex(
      '05 0f 2100 01', // 33 bytes, one capability
      '1c 10 05 00', // of the platform
      'df60ddd8 8945 c74c 9cd2659d9e648a9f', // {D8DD60DF-4589-4CC7-9CD2-659D9E648A9F}
      '00000306 b200 20 00', // Windows 8.1, 178 bytes by request 0x20
    );
    expect(await descriptor(15)).toBe(bos);
    expect(await descriptor(15, { length: 5 })).toBe(bos.slice(0, 10));
  });

  test('the set assigns WINUSB and a GUID to the function at interface 1', async () => {
    const set = (await client.control([0xc0, 0x20, 0, 0, 7, 0, 0xb2, 0])).data;
    expect(set).toHaveLength(178);
    expect(set.subarray(0, 10).toString('hex')).toBe(hex('0a00 0000 00000306 b200'));
    // The subset of the first configuration contains everything that follows, including the subset of the function.
    expect(set.subarray(10, 18).toString('hex')).toBe(hex('0800 0100 00 00 a800'));
    expect(set.subarray(18, 26).toString('hex')).toBe(hex('0800 0200 01 00 a000'));
    expect(set.subarray(26, 46).toString('hex')).toBe(
      hex('1400 0300', Buffer.from('WINUSB\0\0').toString('hex'), '00'.repeat(8)),
    );
    expect(set.subarray(46, 54).toString('hex')).toBe(hex('8400 0400 0700 2a00'));
    expect(set.subarray(54, 96).toString('utf16le')).toBe('DeviceInterfaceGUIDs\0');
    expect(set.readUInt16LE(96)).toBe(80);
    expect(set.subarray(98).toString('utf16le')).toBe('{281DA960-13A5-4727-AC0E-770CE41D52A0}\0\0');
  });

  test('the set is cut to the requested length, and any other vendor request stalls', async () => {
    expect((await client.control([0xc0, 0x20, 0, 0, 7, 0, 10, 0])).data).toHaveLength(10);
    expect((await client.control([0xc0, 0x20, 0, 0, 8, 0, 255, 0])).status).toBe(STALL);
    expect((await client.control([0xc0, 0x21, 0, 0, 7, 0, 255, 0])).status).toBe(STALL);
    expect((await client.control([0x40, 0x20, 0, 0, 7, 0, 0, 0])).status).toBe(STALL);
    expect((await client.control([0xc1, 0x20, 1, 0, 4, 0, 255, 0])).status).toBe(STALL);
  });
});
