import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Emulator, ignoreRequests, restartAfterExecuting, unplugAfterExecuting, VirtualClock } from '@bluetap/emulator';
import { Client, type ClientOptions } from '@bluetap/sdk';
import type { Transport } from '@bluetap/transport';
import { hid, type NodeHid } from '@bluetap/transport-hid';
import { type SerialBinding, serial } from '@bluetap/transport-serial';
import { socket } from '@bluetap/transport-socket';
import { type NodeUsb, usb } from '@bluetap/transport-usb';
import { expect, it } from 'vitest';
import { temporaryFolder } from './cli.js';

/** Messages of a library on Debian 12. The tests of its transport use the same messages. */
const fault = (message: string, code?: string) => () => Promise.reject(Object.assign(new Error(message), { code }));
const nothing = { onData: () => {}, onClose: () => {} };

async function rejection(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('it was expected to fail'),
    (reason: Error) => reason,
  );
  return error.message;
}

const clock = () => new VirtualClock();
const entry = (at: number, serialNumber: string) => ({ path: `/dev/hidraw${at}`, serialNumber });
const hidWith = (entries: object[], open = fault('unused')) =>
  hid({ load: async () => ({ devicesAsync: async () => entries, HIDAsync: { open } }) as unknown as NodeHid });
const usbDevice = (open: () => Promise<void>) => ({
  vendorId: 0x1209,
  productId: 1,
  bus: '001',
  address: 2,
  open,
  close: open,
});
const usbWith = (open: () => Promise<void>) =>
  usb({
    load: async () => {
      const endpoint = (direction: string) => ({ endpointNumber: 2, direction, type: 'bulk' });
      const alternate = { interfaceClass: 255, endpoints: [endpoint('in'), endpoint('out')] };
      const configurations = [{ configurationValue: 1, interfaces: [{ interfaceNumber: 1, alternate }] }];
      return { usb: { getDevices: async () => [{ ...usbDevice(open), configurations }] } } as unknown as NodeUsb;
    },
  });
const serialWith = (open: () => Promise<never>) => serial({ load: async () => ({ open }) as unknown as SerialBinding });
const opening = (transport: Transport, id: string) => rejection(transport.open({ id }, nothing));

/** Returns the message of a client that finds no device before its time limit. */
async function client(options: ClientOptions, ms = 5000, ask: 'info' | 'status' = 'info'): Promise<string> {
  const virtual = options.clock as VirtualClock;
  const one = new Client(options);
  const message = rejection(one[ask]({ timeoutMs: ms }));
  await virtual.advance(ms);
  const closing = one.close();
  await virtual.advance(1000);
  await closing;
  return message;
}

/** Makes a transport to an emulated device that does not know its serial number, as with an address. */
function behind(emulator: Emulator, id: string): Transport {
  const transport = emulator.transport();
  const [inner] = [{ id: 'emulator:1' }];
  return { name: id, list: async () => [{ id }], open: (_, ...rest) => transport.open(inner, ...rest) };
}

/** Returns the message of a command at a device with a behaviour. */
async function command(type: 'pay' | 'cancel', misbehave: (emulator: Emulator) => unknown): Promise<string> {
  const virtual = clock();
  const emulator = new Emulator({ clock: virtual });
  const one = new Client({ transport: emulator.transport(), clock: virtual });
  const showing = one.pay({ paymentMethod: 'TRUEMONEY', orderId: 'A' });
  await virtual.advance(0);
  await showing;
  misbehave(emulator);
  const result = type === 'pay' ? one.pay({ paymentMethod: 'TRUEMONEY' }) : one.cancel({ orderId: 'B' });
  await virtual.advance(5000);
  const { error } = await result;
  const closing = one.close();
  await virtual.advance(1000);
  await closing;
  return error!.message;
}

/** Returns the message of a channel that closes because node-hid reports `text` for its HID device. */
async function linkEnd(text: string): Promise<string> {
  const handle = Object.assign(new EventEmitter(), { close: async () => {} });
  const ended = new Promise<string>((resolve) => {
    const handlers = { onData: () => {}, onClose: (error?: Error) => resolve(error!.message) };
    const library = { HIDAsync: { open: async () => handle } } as unknown as NodeHid;
    void hid({ load: async () => library })
      .open({ id: '/dev/hidraw0' }, handlers)
      .then(() => handle.emit('error', text));
  });
  return ended;
}

/** Returns the messages for addresses without a listener. The usual addresses replace the real addresses. */
async function nobody(): Promise<string[]> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const tcp = `tcp://127.0.0.1:${port}`;
  const unix = `unix:${join(temporaryFolder(), 's')}`;
  const [one, other] = [await opening(socket(tcp), tcp), await opening(socket(unix), unix)];
  return [one.replaceAll(tcp, 'tcp://127.0.0.1:4000'), other.replaceAll(unix, 'unix:/tmp/bluetap.sock')];
}

async function said(): Promise<string[]> {
  const emulator = (virtual: VirtualClock) => new Emulator({ clock: virtual });
  const [a, b, c, d] = [clock(), clock(), clock(), clock()];
  const hidPath = '/dev/hidraw0';
  const serialPath = '/dev/ttyACM0';
  const silent = emulator(a);
  silent.use(ignoreRequests(99));
  const deaf = emulator(b);
  deaf.use(ignoreRequests(99, { type: 'STATUS' }));
  const late = clock();
  const listing = rejection(hid({ clock: late, load: () => new Promise(() => {}) }).list());
  await late.advance(3000);
  return [
    await client({ transport: hidWith([]), clock: clock() }),
    await client({ transport: hidWith([entry(0, 'B2')]), device: 'A1', clock: clock() }),
    await client({ transport: hidWith([entry(0, 'A1'), entry(1, 'B2')]), clock: clock() }),
    await client({ transport: behind(silent, serialPath), clock: a }),
    await client({ transport: behind(emulator(c), 'tcp://127.0.0.1:4000'), device: 'A1', clock: c }),
    await client({ transport: emulator(d).transport(), allowSimulated: false, clock: d }),
    await client({ transport: behind(deaf, 'x'), clock: b }, 300, 'status'),
    await opening(hidWith([], fault(`cannot open device with path ${hidPath}: Permission denied`)), hidPath),
    await opening(usbWith(fault('open error: permission denied (errno 13)')), 'usb:001:2'),
    await opening(usbWith(fault('claimInterface error: interface is busy (errno 16)')), 'usb:001:2'),
    await opening(serialWith(fault(`Error: Permission denied, cannot open ${serialPath}`)), serialPath),
    await opening(serialWith(fault('Error Resource temporarily unavailable Cannot lock port')), serialPath),
    await opening(serialWith(fault('Error: Inappropriate ioctl for device, cannot open /dev/null')), '/dev/null'),
    await opening(serialWith(fault('Error: No such file or directory, cannot open /dev/none')), '/dev/none'),
    await opening(
      hidWith([], fault('libusb-1.0.so.0: cannot open shared object file: No such file', 'ERR_DLOPEN_FAILED')),
      'x',
    ),
    await rejection(usb({ load: fault('Cannot find native binding.') }).list()),
    await rejection(
      hid({ load: fault("Cannot find package 'node-hid' imported from x", 'ERR_MODULE_NOT_FOUND') }).list(),
    ),
    await rejection(serial({ load: fault('No native build was found for platform=linux arch=x64') }).list()),
    await rejection(serial({ load: fault('bindings.node: invalid ELF header', 'ERR_DLOPEN_FAILED') }).list()),
    await listing,
    await linkEnd('could not read from HID device'),
    await linkEnd('Cannot write to hid device: Broken pipe'),
    ...(await nobody()),
    await command('cancel', () => {}),
    await command('pay', (it) => it.use(unplugAfterExecuting())),
    await command('pay', (it) => it.use(restartAfterExecuting())),
    await command('pay', (it) => it.use(ignoreRequests(3, { type: 'PAY' }))),
  ];
}

it('quotes real messages', async () => {
  const text = readFileSync(new URL('../../../docs/guides/troubleshooting.md', import.meta.url), 'utf8');
  const quoted = [...text.matchAll(/^\| `(.*?)` \|/gm)].map(([, message]) => message!);
  expect(quoted.length).toBeGreaterThan(20);
  const messages = await said();
  const unsaid = quoted.filter((quote) => !messages.some((message) => pattern(quote).test(message)));
  expect({ unsaid, messages: unsaid.length > 0 ? messages : [] }).toEqual({ unsaid: [], messages: [] });
});

/** In a quote, `...` matches any text. */
function pattern(quote: string): RegExp {
  return new RegExp(
    quote
      .split('...')
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.*'),
  );
}
