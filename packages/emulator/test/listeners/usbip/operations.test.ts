import { networkInterfaces } from 'node:os';
import { Emulator } from '@bluetap/emulator';
import { exportUsb } from '@bluetap/emulator/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEVLIST, importBytes, submitBytes, UsbipClient } from './usbip-client.js';
import { hello, World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await World.open(3);
});
afterEach(() => world.close());

const text = (field: Buffer) => field.toString('latin1').replace(/\0+$/, '');

async function list(): Promise<Buffer> {
  const client = new UsbipClient(world.address);
  client.socket.write(DEVLIST);
  const head = await client.bytes(12);
  expect(head.subarray(0, 8).toString('hex')).toBe('0111000500000000');
  const devices = await client.bytes(head.readUInt32BE(8) * (312 + 4 * 4));
  // usbipd closes after its answer too.
  await client.closed;
  expect(client.unread).toBe(0);
  return devices;
}

async function listed(): Promise<string[]> {
  const devices = await list();
  return Array.from({ length: devices.length / 328 }, (_, at) =>
    text(devices.subarray(at * 328 + 256, at * 328 + 288)),
  );
}

test('the list: 312 bytes for each device, and 4 for each interface', async () => {
  const devices = await list();
  expect(devices).toHaveLength(3 * 328);
  const second = devices.subarray(328, 656);
  expect(text(second.subarray(0, 256))).toBe('/sys/devices/platform/bluetap-emulator/usb1/1-2');
  expect(text(second.subarray(256, 288))).toBe('1-2');
  // busnum 1, devnum 3, full speed; 1209:0001, release 1.00; EF/02/01; configuration 1 of 1, 4 interfaces.
  expect(second.subarray(288, 312).toString('hex')).toBe(
    ['000000010000000300000002', '120900010100', 'ef0201010104'].join(''),
  );
  expect(second.subarray(312).toString('hex')).toBe(['03000000', 'ff000000', '02020000', '0a000000'].join(''));
});

test('the import: the same 312 bytes, and no more bytes', async () => {
  const entry = (await list()).subarray(0, 312);
  const client = new UsbipClient(world.address);
  const { record } = await client.import('1-1');
  expect(record).toEqual(entry);
  await client.quiet();
});

test.each([
  ['1-4', 'a port without a device'],
  ['', 'nothing'],
  ['1-11', 'a name that begins with the name of a device'],
  ['x'.repeat(32), 'a name without an end'],
])('no device at "%s", %s: 8 bytes with an error, and the end', async (busid) => {
  const client = new UsbipClient(world.address);
  expect(await client.import(busid)).toEqual({ status: 4 });
  await client.closed;
  expect(client.unread).toBe(0);
});

test('one host at a time: the next host gets "busy" until the first host leaves', async () => {
  const first = await UsbipClient.attached(world.address);
  const late = new UsbipClient(world.address);
  expect(await late.import('1-1')).toEqual({ status: 2 });
  await late.closed;
  expect(late.unread).toBe(0);
  expect(await listed()).toEqual(['1-2', '1-3']);
  expect(world.server.devices.map(({ imported }) => imported)).toEqual([true, false, false]);
  await hello(first, 1);

  await first.leave();
  await world.watcher.next('disconnected');
  expect(await listed()).toEqual(['1-1', '1-2', '1-3']);
  await hello(await UsbipClient.attached(world.address), 2);
});

test('several devices at the same time, each with its own serial number', async () => {
  const clients = await Promise.all(['1-1', '1-2', '1-3'].map((busid) => hostOf(busid)));
  const serials = await Promise.all(clients.map((client) => client.control([0x80, 6, 3, 3, 9, 4, 255, 0])));
  expect(serials.map(({ data }) => data.subarray(2).toString('utf16le'))).toEqual(['TEST-1', 'TEST-2', 'TEST-3']);
});

/** Imports a device as a host. The commands have the device id of 1-1, so only that device accepts them. */
async function hostOf(busid: string): Promise<UsbipClient> {
  const client = new UsbipClient(world.address);
  const { record } = await client.import(busid);
  const devid = (record!.readUInt32BE(288) << 16) | record!.readUInt32BE(292);
  const write = client.socket.write.bind(client.socket);
  client.socket.write = ((bytes: Buffer) => {
    bytes.writeUInt32BE(devid, 8);
    return write(bytes);
  }) as never;
  await client.configure();
  return client;
}

test('a command to another device than the imported one ends the connection', async () => {
  const client = new UsbipClient(world.address);
  await client.import('1-2');
  client.submit({ ep: 0, setup: [0x80, 0, 0, 0, 0, 0, 2, 0], length: 2 });
  await client.closed;
  expect(client.unread).toBe(0);
});

describe('the cable', () => {
  test('an unplug ends the connection of the host; until the plug no host can import the device', async () => {
    const client = await UsbipClient.attached(world.address);
    const other = await hostOf('1-2');
    await hello(client, 1);
    client.submit({ ep: 1, length: 64 });
    world.emulator.unplug();
    expect(world.server.devices[0]!.imported).toBe(false);
    await client.closed;
    expect(client.unread).toBe(0);
    expect(await new UsbipClient(world.address).import('1-1')).toEqual({ status: 4 });
    expect(await listed()).toEqual(['1-3']);
    await other.quiet();
    world.emulator.plug();
    await hello(await UsbipClient.attached(world.address), 1);
  });

  test('a power cycle too: a host can import the restarted device immediately', async () => {
    const client = await UsbipClient.attached(world.address);
    const before = await hello(client, 1);
    world.emulator.powerCycle();
    await client.closed;
    const again = await UsbipClient.attached(world.address);
    const { bootId } = await world.watcher.next('start');
    expect(await hello(again, 1)).not.toBe(before);
    expect(bootId).toBeTypeOf('number');
  });

  test('an unplug also disconnects a host that has imported but not yet configured the device', async () => {
    const client = new UsbipClient(world.address);
    await client.import('1-1');
    world.emulator.unplug();
    await client.closed;
  });
});

describe('the server', () => {
  test('closes with the last of its emulators, and not before', async () => {
    const client = await UsbipClient.attached(world.address);
    await world.emulator.close();
    await client.closed;
    expect(await listed()).toEqual(['1-2', '1-3']);
    await world.emulators[1]!.close();
    await world.emulators[2]!.close();
    const late = new UsbipClient(world.address);
    await late.closed;
    expect(late.socket.bytesRead).toBe(0);
  });

  test('close disconnects the hosts and frees the address; the emulators stay open', async () => {
    const client = await UsbipClient.attached(world.address);
    await Promise.all([world.server.close(), world.server.close()]);
    await client.closed;
    const { address } = world;
    world.server = await exportUsb(world.emulators, { tcp: address.slice('usbip://'.length) });
    expect(world.server.address).toBe(address);
    await hello(await UsbipClient.attached(address), 1);
    await world.server[Symbol.asyncDispose]();
  });

  test('a single device needs no array', async () => {
    await using emulator = new Emulator();
    const { address, devices } = await exportUsb(emulator, { tcp: '0' });
    expect(address).toMatch(/^usbip:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect(devices).toMatchObject([{ emulator, busid: '1-1', imported: false }]);
  });

  test.runIf(Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1')))(
    'by IPv6',
    async () => {
      await using emulator = new Emulator({ serialNumber: 'TEST-1' });
      const { address } = await exportUsb(emulator, { tcp: '[::1]:0' });
      expect(address).toMatch(/^usbip:\/\/\[::1\]:[1-9]\d*$/);
      const client = await UsbipClient.attached(address);
      await hello(client, 1);
    },
  );

  test('devices that cannot be exported', async () => {
    await using one = new Emulator();
    await using two = new Emulator();
    const where = { tcp: '127.0.0.1:0' };
    await expect(exportUsb([], where)).rejects.toThrow('there is no device to export');
    await expect(exportUsb([one, two], where)).rejects.toThrow(
      '1-1 and 1-2 both have the serial number EMU-0001: a host identifies a device by it',
    );
    await expect(exportUsb(one, { tcp: 'x' })).rejects.toThrow(RangeError);
    await expect(exportUsb(one, { tcp: world.address.slice('usbip://'.length) })).rejects.toMatchObject({
      name: 'TransportError',
      code: 'busy',
      message: `cannot listen on ${world.address}: the address is in use: choose another address, or end the program that uses it`,
    });
    await one.close();
    await expect(exportUsb(one, where)).rejects.toThrow('was closed');
  });
});

test('an operation byte by byte', async () => {
  const client = new UsbipClient(world.address);
  for (const byte of importBytes('1-1')) {
    await new Promise<void>((resolve) => void client.socket.write(Uint8Array.of(byte), () => resolve()));
    await new Promise(setImmediate);
  }
  expect((await client.bytes(320)).readUInt32BE(0)).toBe(0x01110003);
  await client.quiet();
});

test('an operation and a command in one piece', async () => {
  const client = new UsbipClient(world.address);
  client.expect(9, true);
  const command = submitBytes({ ep: 0, setup: [0x80, 8, 0, 0, 0, 0, 1, 0], length: 1, seqnum: 9 });
  client.socket.write(Buffer.concat([importBytes('1-1'), command]));
  await client.bytes(320);
  expect(await client.next()).toMatchObject({ seqnum: 9, status: 0, data: Buffer.of(0) });
});
