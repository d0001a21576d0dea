import type { TransportError } from '@bluetap/transport';
import { describe, expect, it } from 'vitest';
import { serialOn } from '../src/serial.js';
import type { SerialBinding } from '../src/serial-binding.js';
import type { SerialPortInfo } from '../src/usb-ports.js';
import { OPEN_ERRORS } from './foreign-errors.js';

const nothing = { onData: () => {}, onClose: () => {} };

describe('an error of serialport on another system (C-26)', () => {
  it.each(OPEN_ERRORS)('$platform: $said', async ({ platform, path, said, code, advice }) => {
    const binding = { open: () => Promise.reject(new Error(said)) } as unknown as SerialBinding;
    const transport = serialOn(platform, { load: async () => binding });
    const error = await transport.open({ id: path }, nothing).catch((reason: TransportError) => reason);
    expect(error).toMatchObject({ name: 'TransportError', code, cause: { message: said } });
    expect((error as TransportError).message).toMatch(advice);
    expect((error as TransportError).message).toContain(path);
    if (platform !== 'linux') expect((error as TransportError).message).not.toMatch(/udev|Debian|dialout|ModemManager/);
  });
});

it('Windows: a named port has no watch, because nothing shows that its device comes or goes', () => {
  expect(serialOn('win32', { path: 'COM3' })).not.toHaveProperty('watch');
  expect(serialOn('win32')).toHaveProperty('watch');
  for (const platform of ['linux', 'darwin']) expect(serialOn(platform, { path: '/dev/x' })).toHaveProperty('watch');
});

describe('a list on another system (C-25, C-26)', () => {
  const list = (platform: string, ports: SerialPortInfo[]) => {
    const binding = { list: async () => ports } as unknown as SerialBinding;
    return serialOn(platform, { load: async () => binding }).list();
  };

  // Public reports: github.com/serialport/node-serialport/issues/2726 and 1220. The form is the form of EIO_List.
  it('Windows: the name from the place of a device is not a serial number', async () => {
    const port = (path: string, pnpId: string, serialNumber: string): SerialPortInfo =>
      ({
        path,
        manufacturer: 'Microsoft',
        serialNumber,
        pnpId,
        locationId: 'Port_#0003.Hub_#0001',
        friendlyName: `USB Serial Device (${path})`,
        vendorId: '1209',
        productId: '0001',
      }) as SerialPortInfo;
    const listed = await list('win32', [
      port('COM3', 'USB\\VID_1209&PID_0001&MI_02\\7&18DA7745&0&0002', '7&18DA7745&0&0002'),
      port('COM4', 'USB\\VID_1209&PID_0001&MI_02\\6&FED21C1&0&0000', '6&FED21C1&0&0000'),
      port('COM5', 'USB\\VID_1209&PID_0001\\BT-0001', 'BT-0001'),
      port('COM6', 'USB\\VID_1209&PID_0001\\BT-0002', ' BT-0002\0\0\0'),
      port('COM7', 'USB\\VID_1209&PID_0001\\5&376ABA2D&0&5', ''),
      { path: 'COM1', vendorId: undefined, productId: undefined },
    ]);
    expect(listed).toEqual([
      { id: 'COM3', path: 'COM3', interface: 'CDC-ACM' },
      { id: 'COM4', path: 'COM4', interface: 'CDC-ACM' },
      { id: 'COM5', path: 'COM5', serialNumber: 'BT-0001', interface: 'CDC-ACM' },
      { id: 'COM6', path: 'COM6', serialNumber: 'BT-0002', interface: 'CDC-ACM' },
      { id: 'COM7', path: 'COM7', interface: 'CDC-ACM' },
    ]);
  });

  // darwin_list.cpp asks for kIODialinDeviceKey, which is the path that begins with tty.
  it('macOS: the path begins with tty.', async () => {
    const known = { vendorId: '1209', productId: '0001', serialNumber: 'BT-0001' };
    const listed = await list('darwin', [
      { path: '/dev/tty.Bluetooth-Incoming-Port' },
      { path: '/dev/tty.usbmodem14541', ...known },
    ]);
    expect(listed).toEqual([
      {
        id: '/dev/tty.usbmodem14541',
        path: '/dev/tty.usbmodem14541',
        serialNumber: 'BT-0001',
        interface: 'CDC-ACM',
      },
    ]);
  });
});

it.each(['win32', 'darwin', 'linux'])(
  'on %s, the only advice for a missing package is to install it (C-19)',
  async (platform) => {
    const missing = Object.assign(new Error("Cannot find package 'serialport' imported from x.js"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    const transport = serialOn(platform, { load: () => Promise.reject(missing) });
    for (const call of [transport.list(), transport.open({ id: 'x' }, nothing)]) {
      const error = await call.catch((reason: TransportError) => reason);
      expect(error).toMatchObject({ code: 'missing-library', cause: missing });
      expect((error as TransportError).message).toMatch(
        /install it with `npm install serialport`; .*keep serialport out of the bundle/,
      );
      expect((error as TransportError).message).not.toMatch(/Debian|Alpine|udev|Redistributable/);
    }
  },
);
