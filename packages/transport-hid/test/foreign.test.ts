import { EventEmitter } from 'node:events';
import type { TransportError } from '@bluetap/transport';
import { describe, expect, it } from 'vitest';
import { hidOn } from '../src/hid.js';
import type { HidEntry, HidHandle, NodeHid } from '../src/node-hid.js';
import { CHANNEL_ERRORS, MAC_PATH, OPEN_ERRORS, WINDOWS_PATH } from './foreign-errors.js';

const nothing = { onData: () => {}, onClose: () => {} };

function library({ entries = [], open }: { entries?: HidEntry[]; open?: () => Promise<HidHandle> }): NodeHid {
  return { devicesAsync: async () => entries, HIDAsync: { open: open ?? (() => Promise.reject(new Error('unused'))) } };
}

describe('an error of node-hid on another system (C-26)', () => {
  it.each(OPEN_ERRORS)('$platform: $said', async ({ platform, said, code, advice }) => {
    const id = platform === 'darwin' ? MAC_PATH : WINDOWS_PATH;
    const transport = hidOn(platform, {
      load: async () => library({ open: () => Promise.reject(new TypeError(said)) }),
    });
    const error = await transport.open({ id }, nothing).catch((reason: TransportError) => reason);
    expect(error).toMatchObject({ name: 'TransportError', code, cause: { message: said } });
    expect((error as TransportError).message).toMatch(advice);
    expect((error as TransportError).message).toContain(id);
  });

  it.each(CHANNEL_ERRORS)('$platform, on an open device: $said', async ({ platform, said, code, advice }) => {
    const handle = Object.assign(new EventEmitter(), { write: async () => 0, close: async () => {} });
    const transport = hidOn(platform, { load: async () => library({ open: async () => handle as HidHandle }) });
    const ended = new Promise<TransportError | undefined>((resolve) => {
      void transport
        .open({ id: '/dev/hidraw0' }, { onData: () => {}, onClose: resolve })
        .then(() => handle.emit('error', said));
    });
    expect(await ended).toMatchObject({ code, message: expect.stringMatching(advice) });
  });

  it('has no advice for Linux on another system, and no advice for macOS on Windows (C-19)', async () => {
    for (const { platform, said } of OPEN_ERRORS) {
      const open = () => Promise.reject(new TypeError(said));
      const error = await hidOn(platform, { load: async () => library({ open }) })
        .open({ id: 'x' }, nothing)
        .catch(String);
      expect(error).not.toMatch(/udev|Debian/);
      if (platform === 'win32') expect(error).not.toMatch(/Input Monitoring/);
    }
  });
});

describe('a list on another system (C-26)', () => {
  const list = (platform: string, entries: object[]) =>
    hidOn(platform, { load: async () => library({ entries: entries as HidEntry[] }) }).list();

  // hidapi/windows/hid.c, hid_enumerate: one entry for each top level collection. The path of a keyboard ends with
  // \kbd.
  it('Windows: one entry for each collection, and only the collection of the device is listed', async () => {
    const at = (collection: string) => WINDOWS_PATH.replace('mi_00', `mi_00&col0${collection}`);
    const known = { vendorId: 0x1209, productId: 1, manufacturer: 'BlueTap', release: 256, interface: 0 };
    const listed = await list('win32', [
      { ...known, path: `${at('1')}\\kbd`, serialNumber: 'BT-0001', product: 'BlueTap', usagePage: 1, usage: 6 },
      { ...known, path: at('2'), serialNumber: 'BT-0001', product: 'BlueTap', usagePage: 0xff00, usage: 1 },
      { ...known, path: at('3'), serialNumber: 'BT-0001', product: 'BlueTap', usagePage: 0xff00, usage: 2 },
    ]);
    expect(listed).toEqual([
      { id: at('2'), path: at('2'), serialNumber: 'BT-0001', product: 'BlueTap', interface: 'HID' },
    ]);
  });

  // Public report: github.com/todbot/hidapitester/pull/30. hidapi/mac/hid.c lists one entry for each usage pair of a
  // path.
  it('macOS: one path for all usages of a device', async () => {
    const known = { vendorId: 0x1209, productId: 1, path: MAC_PATH, serialNumber: 'BT-0001', product: 'BlueTap' };
    const listed = await list('darwin', [
      { ...known, usagePage: 1, usage: 6 },
      { ...known, usagePage: 0xff00, usage: 1 },
      { ...known, usagePage: 0xff00, usage: 1 },
    ]);
    expect(listed).toEqual([
      { id: MAC_PATH, path: MAC_PATH, serialNumber: 'BT-0001', product: 'BlueTap', interface: 'HID' },
    ]);
  });

  it.each([
    ['', undefined],
    ['   ', undefined],
    ['\0\0', undefined],
    ['?', undefined],
    ['8&2c2ed352&0&0000', undefined],
    [undefined, undefined],
    [null, undefined],
    [' BT-0001 \0\0', 'BT-0001'],
    ['BT-0001\0rest', 'BT-0001'],
  ])('the serial number %j is listed as %j (C-25)', async (serialNumber, known) => {
    const [device] = await list('win32', [{ path: 'p', serialNumber, product: serialNumber }]);
    expect(device).toEqual({
      id: 'p',
      path: 'p',
      interface: 'HID',
      ...(known && { serialNumber: known, product: known }),
      ...(serialNumber?.includes('&') && { product: serialNumber }),
    });
  });
});

it.each(['win32', 'darwin', 'linux'])(
  'on %s, the only advice for a missing package is to install it (C-19)',
  async (platform) => {
    const missing = Object.assign(new Error("Cannot find package 'node-hid' imported from x.js"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    const transport = hidOn(platform, { load: () => Promise.reject(missing) });
    for (const call of [transport.list(), transport.open({ id: 'x' }, nothing)]) {
      const error = await call.catch((reason: TransportError) => reason);
      expect(error).toMatchObject({ code: 'missing-library', cause: missing });
      expect((error as TransportError).message).toMatch(
        /install it with `npm install node-hid`; .*keep node-hid out of the bundle/,
      );
      expect((error as TransportError).message).not.toMatch(/Debian|Alpine|udev|Redistributable/);
    }
  },
);
