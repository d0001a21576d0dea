import type { TransportError } from '@bluetap/transport';
import { describe, expect, it } from 'vitest';
import type { NodeUsb } from '../src/node-usb.js';
import { usbOn } from '../src/usb.js';
import { FakeUsb } from './fake-usb.js';
import { OPEN_ERRORS, TRANSFER_ERRORS } from './foreign-errors.js';

const nothing = { onData: () => {}, onClose: () => {} };

describe('an error of usb on another system (C-26)', () => {
  it.each(OPEN_ERRORS)('$platform: $said', async ({ platform, said, code, advice }) => {
    const fake = new FakeUsb();
    fake.refusals.set(said.split(' ')[0]!, new Error(said));
    if (said.startsWith('selectConfiguration')) fake.refusals.set('claimInterface', new Error(said));
    const transport = usbOn(platform, { load: async () => fake });
    const error = await transport.open({ id: 'usb:1:1' }, nothing).catch((reason: TransportError) => reason);
    expect(error).toMatchObject({ name: 'TransportError', code, cause: { message: said } });
    expect((error as TransportError).message).toMatch(advice);
    expect((error as TransportError).message).toContain('usb:1:1');
    if (platform !== 'linux') expect((error as TransportError).message).not.toMatch(/udev|Debian/);
    await fake.dispose();
  });

  it.each(TRANSFER_ERRORS)('$platform, on an open device: $said', async ({ platform, said, code, advice }) => {
    const fake = new FakeUsb();
    const transport = usbOn(platform, { load: async () => fake });
    const channel = await transport.open({ id: 'usb:1:1' }, nothing);
    fake.refusals.set('transferOut', new Error(said));
    const error = await channel.write(Uint8Array.of(1)).catch((reason: TransportError) => reason);
    expect(error).toMatchObject({ code, message: expect.stringMatching(advice) });
    await channel.close();
    await fake.dispose();
  });

  it('a list that the system denies is permission-denied, and not a fault of the bus', async () => {
    const fake = new FakeUsb();
    fake.listing = new Error('getDevices error: /sys/bus/usb/devices/ permission denied (errno 13)');
    const listing = usbOn('linux', { load: async () => fake }).list();
    await expect(listing).rejects.toMatchObject({ code: 'permission-denied' });
  });
});

describe('a list on another system (C-26)', () => {
  const list = (platform: string, device: object) => {
    const { configurations } = new FakeUsb().list()[0]!;
    const known = { vendorId: 0x1209, productId: 1, address: 4, configurations, ...device };
    return usbOn(platform, {
      load: async () => ({ usb: { getDevices: async () => [known] } }) as unknown as NodeUsb,
    }).list();
  };

  // nusb/src/platform/windows_winusb/enumeration.rs: the bus is part of a location path.
  it('on Windows', async () => {
    const device = { bus: 'PCIROOT(0)#PCI(1400)#USBROOT(0)', serialNumber: 'BT-0001', productName: 'BlueTap' };
    expect(await list('win32', device)).toEqual([
      {
        id: 'usb:PCIROOT(0)#PCI(1400)#USBROOT(0):4',
        path: 'bus PCIROOT(0)#PCI(1400)#USBROOT(0) address 4',
        serialNumber: 'BT-0001',
        product: 'BlueTap',
        interface: 'vendor bulk',
      },
    ]);
  });

  // nusb/src/platform/macos_iokit/enumeration.rs: the upper byte of the location.
  it('on macOS', async () => {
    expect(await list('darwin', { bus: '14', serialNumber: 'BT-0001\0', productName: null })).toEqual([
      { id: 'usb:14:4', path: 'bus 14 address 4', serialNumber: 'BT-0001', interface: 'vendor bulk' },
    ]);
  });

  it.each(['', ' ', '?', '\0', '6&FED21C1&0&0000', null])(
    'has no serial number if the system reports %j (C-25)',
    async (serialNumber) => {
      expect((await list('win32', { bus: '1', serialNumber }))[0]).not.toHaveProperty('serialNumber');
    },
  );
});

it.each(['win32', 'darwin', 'linux'])(
  'on %s, the only advice for a missing package is to install it (C-19)',
  async (platform) => {
    const missing = Object.assign(new Error("Cannot find package 'usb' imported from x.js"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    const transport = usbOn(platform, { load: () => Promise.reject(missing) });
    for (const call of [transport.list(), transport.open({ id: 'x' }, nothing)]) {
      const error = await call.catch((reason: TransportError) => reason);
      expect(error).toMatchObject({ code: 'missing-library', cause: missing });
      expect((error as TransportError).message).toMatch(
        /install it with `npm install usb`; .*keep usb out of the bundle/,
      );
      expect((error as TransportError).message).not.toMatch(/Debian|Alpine|udev|Redistributable/);
    }
  },
);
