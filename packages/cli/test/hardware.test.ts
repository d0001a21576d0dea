import { type DeviceInfo, type Transport, TransportError } from '@bluetap/transport';
import { describe, expect, it, vi } from 'vitest';
import { listingText } from '../src/commands/list.js';
import { anyOf } from '../src/devices/any-of.js';
import { listAll } from '../src/devices/listing.js';
import { type Change, watchAll } from '../src/watch/changes.js';
import { call, run } from './cli.js';

const handlers = { onData: () => {}, onClose: () => {} };

/** Makes a transport whose list the test sets. */
function fake(name: string, found: () => readonly DeviceInfo[]) {
  let tellChange = (): void => {};
  const open = vi.fn(async () => ({ write: async () => {}, close: async () => {} }));
  const transport: Transport = {
    name,
    list: async () => found(),
    open,
    watch: (onChange) => {
      tellChange = onChange;
      return () => {
        tellChange = () => {};
      };
    },
  };
  return { transport, open, tellChange: () => tellChange() };
}

const failing = (name: string, message: string) =>
  fake(name, () => {
    throw new TransportError('missing-library', message);
  });

const hidFunction: DeviceInfo = {
  id: '/dev/hidraw0',
  path: '/dev/hidraw0',
  serialNumber: 'A1',
  product: 'BlueTap',
  interface: 'HID',
};
const bulkFunction: DeviceInfo = {
  id: 'usb:1:2',
  path: 'bus 1 address 2',
  serialNumber: 'A1',
  interface: 'vendor bulk',
};
const other: DeviceInfo = { id: '/dev/ttyACM1', path: '/dev/ttyACM1', serialNumber: 'B2', interface: 'CDC-ACM' };

describe('auto', () => {
  const namesOf = async (...lists: DeviceInfo[][]) => {
    const transports = lists.map((devices, at) => fake(`t${at}`, () => devices).transport);
    return (await anyOf('auto', transports).list()).map(({ id }) => id);
  };

  it('lists a device once, at the first transport that reaches it, and opens it there', async () => {
    const first = fake('hid', () => [hidFunction]);
    const second = fake('usb', () => [bulkFunction, other]);
    const auto = anyOf('auto', [first.transport, second.transport]);
    expect(await auto.list()).toEqual([hidFunction, other]);
    await auto.open(other, handlers);
    expect(first.open).not.toHaveBeenCalled();
    expect(second.open).toHaveBeenCalledOnce();
    await expect(auto.open(bulkFunction, handlers)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('lists two devices of one transport as two, whatever their serial numbers are', async () => {
    const twin = { ...hidFunction, id: '/dev/hidraw1' };
    expect(await namesOf([hidFunction, twin])).toEqual(['/dev/hidraw0', '/dev/hidraw1']);
    expect(await namesOf([], [], [{ id: 'x' }, { id: 'y' }])).toEqual(['x', 'y']);
  });

  const named = (serialNumber: string): DeviceInfo => ({ id: serialNumber, serialNumber });
  const [a1, b2, c3] = [named('A1'), named('B2'), named('C3')];
  const [x, y, z] = [{ id: 'x' }, { id: 'y', serialNumber: '' }, { id: 'z', serialNumber: ' ' }];

  it.each<[what: string, lists: DeviceInfo[][], expected: string[]]>([
    ['a device and its port without a number', [[a1], [], [x]], ['A1']],
    ['a device without a number at every transport', [[x], [y], [z]], ['x']],
    ['only a port without a number', [[], [], [x]], ['x']],
    ['two devices and two ports without numbers', [[a1, b2], [], [x, y]], ['A1', 'B2']],
    ['a device whose number only usb knows', [[x], [a1]], ['A1']],
    ['the same, and a port without a number', [[x], [a1], [y]], ['A1']],
    [
      'two devices: HID knows one number, and usb knows both',
      [
        [a1, x],
        [a1, b2],
      ],
      ['A1', 'B2'],
    ],
    ['a device without a number, and two devices with numbers', [[x], [a1, b2]], ['A1', 'B2']],
    ['a number with spaces around it', [[a1], [{ id: 'y', serialNumber: ' A1 ' }]], ['A1']],
    ['one port more than there are devices', [[a1], [], [x, y]], ['A1', 'y']],
    [
      'a port that is certainly another device, and a port that may be the same device',
      [[a1], [], [b2, x]],
      ['A1', 'B2'],
    ],
    [
      'two devices without numbers at two transports',
      [
        [x, y],
        [z, { id: 'w' }],
      ],
      ['x', 'y'],
    ],
    ['three devices with numbers, each at its own transport', [[a1], [b2], [c3]], ['A1', 'B2', 'C3']],
  ])('counts a device that it cannot identify once: %s (C-25)', async (_, lists, expected) => {
    expect(await namesOf(...lists)).toEqual(expected);
  });

  it('opens a device that replaced another one at its own transport (C-25)', async () => {
    const [first, second] = [fake('hid', () => [x]), fake('usb', () => [a1])];
    const auto = anyOf('auto', [first.transport, second.transport]);
    await auto.open((await auto.list())[0]!, handlers);
    expect([first.open.mock.calls.length, second.open.mock.calls.length]).toEqual([0, 1]);
  });

  it('ignores a failure if another transport finds a device, and otherwise reports every failure', async () => {
    const broken = failing('hid', 'no libudev').transport;
    expect(await anyOf('auto', [broken, fake('usb', () => [bulkFunction]).transport]).list()).toEqual([bulkFunction]);
    const nothing = anyOf('auto', [broken, failing('usb', 'no binary').transport]).list();
    await expect(nothing).rejects.toMatchObject({ code: 'missing-library', message: 'no libudev; no binary' });
    expect(await anyOf('auto', [fake('usb', () => []).transport]).list()).toEqual([]);
  });

  it('treats a transport that rejects with any value as a failure (C-25)', async () => {
    const odd = (reason: unknown): Transport => ({
      ...fake('hid', () => []).transport,
      list: () => Promise.reject(reason),
    });
    const list = () => anyOf('auto', [odd(undefined), odd('a text'), odd(new Error('an error'))]).list();
    await expect(list()).rejects.toMatchObject({ code: 'io', message: 'undefined; a text; an error' });
    await expect(list()).rejects.toBeInstanceOf(TransportError);
  });

  it('reports the changes of all transports, until it is stopped', () => {
    const [one, two] = [fake('hid', () => []), fake('usb', () => [])];
    const onChange = vi.fn();
    const stop = anyOf('auto', [one.transport, two.transport]).watch!(onChange);
    one.tellChange();
    two.tellChange();
    stop();
    one.tellChange();
    expect(onChange).toHaveBeenCalledTimes(2);
  });
});

describe('list', () => {
  it('sorts the functions of one device together, and shows a failure as a row', async () => {
    const transports = [
      fake('hid', () => [hidFunction]).transport,
      fake('usb', () => [{ ...bulkFunction, simulated: true }]).transport,
      fake('other', () => [other]).transport,
      failing('serial', 'install udev').transport,
    ];
    expect(String(listingText(await listAll(transports))).split('\n')).toEqual([
      'SERIAL NUMBER  PRODUCT        FUNCTION     PATH             TRANSPORT',
      'A1             BlueTap        HID          /dev/hidraw0     hid',
      'A1             - (simulated)  vendor bulk  bus 1 address 2  usb',
      'B2             -              CDC-ACM      /dev/ttyACM1     other',
      'serial: install udev',
    ]);
  });

  it('without a device says what to do, and ends with exit code 0', async () => {
    const { code, stdout } = await call(['list', '--transport', 'usb', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ transports: [{ transport: 'usb' }] });
    expect(String(listingText([{ transport: 'hid', devices: [] }]))).toContain('bluetap doctor');
  });
});

it('watch prints the attached devices, and then the changes', async () => {
  let found: readonly DeviceInfo[] | undefined = [hidFunction];
  const { transport, tellChange } = fake('hid', () => {
    if (!found) throw new TransportError('io', 'broken');
    return found;
  });
  const changes: Change[] = [];
  const stop = watchAll([transport], (change) => changes.push(change));
  const next = async (devices: readonly DeviceInfo[] | undefined) => {
    found = devices;
    tellChange();
    await new Promise((resolve) => setImmediate(resolve));
  };
  await next(found);
  await next([other]);
  await next(undefined);
  await next(undefined);
  await next([]);
  stop();
  await next([hidFunction]);
  expect(changes.map((change) => [change.event, 'device' in change ? change.device.id : change.message])).toEqual([
    ['attached', '/dev/hidraw0'],
    ['detached', '/dev/hidraw0'],
    ['attached', '/dev/ttyACM1'],
    ['failing', 'broken'],
    ['detached', '/dev/ttyACM1'],
  ]);
});

it.each(['hid', 'usb', 'serial:/dev/none', 'auto', 'tcp://127.0.0.1:1', 'unix:/tmp/bluetap-none'])(
  'pay --transport %s without a device ends with exit code 3 and one clear line',
  async (transport) => {
    const args = [
      'pay',
      '--transport',
      transport,
      '--payment-method',
      'TRUEMONEY',
      '--timeout',
      '300',
      '--device',
      'NONE',
    ];
    const { code, stderr, stdout } = await run(args);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^DEVICE_DISCONNECTED\n.*not sent/);
    expect(stderr.split('\n').filter((line) => line.startsWith('bluetap:'))).toHaveLength(1);
  },
);
