// Tests the device with programs of others: the kernel, lsusb, and a host in Python. The host was written from
// docs/protocol.md.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { devices } from './device-controller.js';
import { nodesOf } from './kernel-devices.js';
import { nextEvent } from './next-event.js';
import { openAllPos, type Pos, posDevices } from './pos-per-transport.js';
import { transports } from './transports.js';
import { type Transfer, UsbMon } from './usbmon.js';

const run = promisify(execFile);
const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

describe("the kernel's view", { timeout: 120_000 }, () => {
  let posPrograms: Pos[] = [];
  before(async () => {
    posPrograms = await openAllPos();
  });

  test('lsusb reads every descriptor, and the values are those of docs/protocol.md', async () => {
    const { stdout } = await run('lsusb', ['-v', '-d', '1209:0001']);
    const [, ...told] = stdout.split(/^Bus /m);
    assert.equal(told.length, transports.length);
    const serialNumbers = told.map((text) => /iSerial +\d+ (\S+)$/m.exec(text)?.[1]);
    assert.deepEqual(serialNumbers.sort(), posDevices);
    for (const text of told) {
      const says = (wanted: RegExp) => assert.match(text, wanted);
      says(/bcdUSB +2\.01/);
      says(/bNumInterfaces +4/);
      says(/bInterfaceNumber +0[\s\S]*bInterfaceClass +3 Human Interface Device[\s\S]*bInterfaceNumber +1/);
      says(/bInterfaceNumber +1[\s\S]*bInterfaceClass +255 Vendor Specific Class[\s\S]*bInterfaceNumber +2/);
      says(/bInterfaceNumber +2[\s\S]*bInterfaceClass +2 Communications[\s\S]*bInterfaceNumber +3/);
      says(/bInterfaceNumber +3[\s\S]*bInterfaceClass +10 CDC Data/);
      const endpoints = [
        ...text.matchAll(/bEndpointAddress +(0x\w+)[\s\S]*?Transfer Type +(\w+)[\s\S]*?wMaxPacketSize +(0x\w+)/g),
      ];
      assert.deepEqual(endpoints.map((match) => match.slice(1).join(' ')).sort(), [
        '0x01 Interrupt 0x0040',
        '0x02 Bulk 0x0040',
        '0x04 Bulk 0x0040',
        '0x81 Interrupt 0x0040',
        '0x82 Bulk 0x0040',
        '0x83 Interrupt 0x0010',
        '0x84 Bulk 0x0040',
      ]);
      says(/Interface Association:[\s\S]*bFirstInterface +2\s+bInterfaceCount +2/);
      says(/Binary Object Store Descriptor:[\s\S]*\{d8dd60df-4589-4cc7-9cd2-659d9e648a9f\}/);
    }
  });

  test('the kernel reads the report descriptor of docs/protocol.md', () => {
    const protocol = readFileSync(file('../../../docs/protocol.md'), 'utf8');
    const [, table = ''] = protocol.split('The report descriptor, 64 bytes');
    const lines = (table.split('C0  ')[0] ?? '').matchAll(/^ {4}((?:[0-9A-F]{2} )+)/gm);
    const documented = `${[...lines].map(([, hex = '']) => hex).join('')}C0`.replaceAll(' ', '').toLowerCase();
    const name = nodesOf('KERNEL-1')?.hidraw.split('/').at(-1);
    const read = readFileSync(`/sys/class/hidraw/${name}/device/report_descriptor`);
    assert.equal(read.toString('hex'), documented);
  });

  for (const [index, { name, functionName }] of transports.entries())
    test(`usbmon sees a PAY over ${name} as one transfer out and one in`, async () => {
      const { client, device } = posPrograms[index]!;
      const { folder } = await devices.plug(device);
      const monitor = await UsbMon.listen(folder);
      try {
        const { code } = await client.pay({ paymentMethod: 'TRUEMONEY', amount: '120.00', orderId: `MON-${name}` });
        assert.equal(code, 'SUCCESS');
        const endpoint = { hid: 1, bulk: 2, cdc: 4 }[functionName];
        const came = (each: Transfer) =>
          each.event === 'C' && each.kind.endsWith('i') && each.endpoint === endpoint && each.length > 0;
        await monitor.saw(came);
        const went = monitor.transfers.filter(({ event, kind }) => event === 'S' && kind.endsWith('o'));
        assert.equal(went.length, 1);
        assert.deepEqual([went[0]?.endpoint, went[0]?.kind], [endpoint, functionName === 'hid' ? 'Io' : 'Bo']);
        // The payment method is in the 32 bytes that usbmon shows.
        assert.match(went[0]?.data ?? '', new RegExp(Buffer.from('TRUEMONEY').toString('hex')));
        const [reply, ...more] = monitor.transfers.filter(came);
        assert.deepEqual(more, []);
        assert.equal(reply?.status, 0);
        // A HID report always has 64 bytes. A transfer of the other functions has the length of its frame.
        for (const length of [went[0]?.length, reply?.length])
          assert.ok(functionName === 'hid' ? length === 64 : Number(length) < 64, `a transfer of ${length} bytes`);
      } finally {
        monitor.stop();
      }
    });
});

/** The output of independent_host.py after a PAY and a STATUS. The numbers are those of the wire format. */
interface PaidByPython {
  readonly path: string;
  readonly serial: string;
  readonly model: string;
  readonly result: number;
  readonly state: number;
  readonly remaining: number;
  readonly method: string;
  readonly amount: string;
  readonly order: string;
}

describe('a host in Python with its own framing', { timeout: 120_000 }, () => {
  const python = async (...args: string[]): Promise<unknown> => {
    const { stdout } = await run('/usr/bin/python3', [file('../independent_host.py'), ...args]);
    return JSON.parse(stdout);
  };
  let posPrograms: Pos[] = [];
  before(async () => {
    posPrograms = await openAllPos();
  });

  test('decodes and encodes every vector', async () => {
    const path = file('../../../vectors/frames.json');
    const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as { vectors: { message?: unknown }[] };
    const messages = vectors.filter(({ message }) => message);
    assert.deepEqual(await python('vectors', path), { vectors: messages.length, wrong: [] });
  });

  test('pays, asks for the status and cancels through /dev/hidraw, and the device and the POS report the same', async () => {
    const { client, device } = posPrograms.find(({ name }) => name === 'HID')!;
    const { hidraw } = await devices.plug(device);
    const paid = (await python('pay', device, 'PYTHON-1', '42.50')) as PaidByPython;
    assert.deepEqual([paid.path, paid.serial, paid.model], [hidraw, device, 'BT-EMU']);
    assert.deepEqual([paid.result, paid.state, paid.remaining], [0, 1, 300]);
    assert.deepEqual([paid.method, paid.amount, paid.order], ['ALIPAY_PLUS', '42.50', 'PYTHON-1']);
    const snapshot = await devices.tell(device, 'snapshot');
    assert.deepEqual(
      [snapshot.state, snapshot.paymentMethod, snapshot.amount, snapshot.orderId],
      ['ready', 'ALIPAY_PLUS', '42.50', 'PYTHON-1'],
    );
    assert.equal(await devices.executions(device, 'PYTHON-1'), 1);

    // The host in Python took the session of the POS. The next command of the POS opens a new session and reads the
    // payment link of the other host.
    const status = await client.status();
    assert.deepEqual([status.state, status.orderId, status.amount], ['ready', 'PYTHON-1', '42.50']);
    const tapped = nextEvent(client, 'link');
    await devices.tell(device, 'tap');
    assert.equal((await tapped).taps, 1);
    assert.deepEqual(await python('cancel', device, 'PYTHON-1'), { result: 0, state: 3, taps: 1 });
    assert.equal((await devices.tell(device, 'snapshot')).state, 'cancelled');
  });
});
