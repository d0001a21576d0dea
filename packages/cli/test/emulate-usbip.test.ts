import { createServer, connect as dial, type Socket } from 'node:net';
import { Emulator } from '@bluetap/emulator';
import { DeviceControl } from '@bluetap/emulator/commands';
import { expect, onTestFinished, test } from 'vitest';
import { serialNumbers } from '../src/emulate/serial-numbers.js';
import { obeyKey, obeyLine } from '../src/emulate/typed-commands.js';
import { call, emulate, main, Running, run, start } from './cli.js';

/** Connects to the USB/IP server as a host. */
async function host(address: string): Promise<Socket> {
  const socket = dial(Number(address.split(':').at(-1)), '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

async function read(socket: Socket, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  while (Buffer.concat(chunks).length < length) {
    chunks.push(await new Promise<Buffer>((resolve) => socket.once('data', resolve)));
  }
  return Buffer.concat(chunks);
}

/** Attaches a device. Returns the status and the host. */
async function attach(address: string, busid: string): Promise<{ status: number; socket: Socket }> {
  const socket = await host(address);
  const request = Buffer.alloc(40);
  request.writeUInt32BE(0x01118003);
  request.write(busid, 8);
  socket.write(request);
  const reply = await read(socket, 8);
  return { status: reply.readUInt32BE(4), socket };
}

async function countListed(address: string): Promise<number> {
  const socket = await host(address);
  socket.write(Buffer.from('0111800500000000', 'hex'));
  return (await read(socket, 12)).readUInt32BE(8);
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
}

test('--json: prints how to attach each device, and obeys unplug and plug on stdin', async () => {
  const { running, ready } = await emulate(['--usbip', '0', '--devices', '2']);
  const port = ready.usbip.split(':').at(-1);
  expect(ready).toMatchObject({
    event: 'ready',
    serialNumber: 'EMU-0001',
    addresses: [`usbip://127.0.0.1:${port}`],
    usbip: `usbip://127.0.0.1:${port}`,
    devices: [
      { serialNumber: 'EMU-0001', busid: '1-1', attach: `usbip --tcp-port ${port} attach -r 127.0.0.1 -b 1-1` },
      { serialNumber: 'EMU-0002', busid: '1-2', attach: `usbip --tcp-port ${port} attach -r 127.0.0.1 -b 1-2` },
    ],
  });
  const say = (...lines: string[]) => running.child.stdin!.write(`${lines.join('\n')}\n`);
  const [one, two] = [await attach(ready.usbip, '1-1'), await attach(ready.usbip, '1-2')];
  expect([one.status, two.status]).toEqual([0, 0]);

  say('{"do":"unplug","serial":"EMU-0002","id":"a"}');
  expect(await running.event()).toMatchObject({ event: 'unplug', power: 'kept', serialNumber: 'EMU-0002' });
  expect(await running.event()).toEqual({
    event: 'done',
    do: 'unplug',
    answers: { 'EMU-0002': expect.objectContaining({ snapshot: expect.objectContaining({ plugged: false }) }) },
    id: 'a',
    time: expect.any(String),
  });
  await closed(two.socket);
  expect((await attach(ready.usbip, '1-2')).status).toBe(4);
  say('{"do":"plug","id":{"n":2}}');
  expect(await running.event()).toMatchObject({ event: 'plug', serialNumber: 'EMU-0002' });
  expect(await running.event()).toMatchObject({ event: 'done', do: 'plug', id: { n: 2 } });
  expect((await attach(ready.usbip, '1-2')).status).toBe(0);

  say('{"do":"power-cycle","serial":"EMU-0001"}');
  for (const event of ['unplug', 'start', 'plug']) {
    expect(await running.event()).toMatchObject({ event, serialNumber: 'EMU-0001' });
  }
  expect(await running.event()).toEqual({
    event: 'done',
    do: 'power-cycle',
    answers: { 'EMU-0001': expect.anything() },
    time: expect.any(String),
  });
  await closed(one.socket);
  expect(await countListed(ready.usbip)).toBe(1);

  // None of these lines ends the program.
  say('', 'nonsense', '{"do":"fly","id":7}');
  expect(await running.event()).toMatchObject({ event: 'error', message: 'not a JSON object' });
  expect(await running.event()).toMatchObject({
    event: 'error',
    id: 7,
    code: 'unknown-verb',
    message: expect.stringMatching(/^"do" must be one of snapshot, .*unplug, .*, but is "fly"$/),
    allowed: expect.arrayContaining(['tap', 'lose-replies']),
  });
  say('{"do":"unplug","id":8}');
  expect(await running.event((event) => event.event === 'done')).toMatchObject({ id: 8 });
  expect(await countListed(ready.usbip)).toBe(0);
  expect(await running.stop()).toMatchObject({ code: 0, signal: null, stderr: '' });
});

test('SIGINT ends the program, also if stdin is open and has no input', async () => {
  const { running } = await emulate(['--usbip', '0']);
  expect(await running.stop('SIGINT')).toMatchObject({ code: 0, signal: null, stderr: '' });
});

test('commands work with every kind of listener', async () => {
  const { running } = await emulate(['--tcp', '0']);
  running.child.stdin!.write('{"do":"power-cycle","id":1}\n');
  expect(await running.event((event) => event.event === 'done')).toMatchObject({ id: 1 });
  await running.stop();
});

test('the command tap is a tap of a phone, and the device reports it to the POS', async () => {
  const { running, ready } = await emulate(['--tcp', '0']);
  const say = (line: string) => running.child.stdin!.write(`${line}\n`);
  const done = () => running.event((event) => ['tap', 'done'].includes(String(event.event)));
  say('{"do":"tap","id":"nothing to read"}');
  expect(await done()).toMatchObject({ event: 'done', id: 'nothing to read' });
  const paid = await run(['pay', '--transport', ready.tcp, '--payment-method', 'TRUEMONEY', '--order-id', 'A1']);
  expect(paid).toMatchObject({ code: 0 });
  say('{"do":"tap","id":1}');
  expect(await done()).toMatchObject({ event: 'tap', orderId: 'A1', snapshot: { taps: 1 } });
  expect(await done()).toMatchObject({ event: 'done', do: 'tap', id: 1 });
  const cancelled = await run(['cancel', '--transport', ready.tcp, '--json']);
  expect(JSON.parse(cancelled.stdout)).toMatchObject({ code: 'SUCCESS', taps: 1 });
  await running.stop();
});

test('for people: prints the lines to type, and which host has the device', async () => {
  const emulator = start(['emulate', '--usbip', '0', '--devices', '2', '--serial-number', 'POS-9']);
  expect(await emulator.line()).toBe('Devices POS-9, POS-10  SIMULATED: nothing that they show can be paid');
  expect(await emulator.line()).toBe('Ready. Hosts reach it at');
  const [address] = (await emulator.line()).trim().split(' ');
  const port = address!.split(':').at(-1);
  expect(await emulator.line()).toBe(`    usbip --tcp-port ${port} attach -r 127.0.0.1 -b 1-1  (POS-9)`);
  expect(await emulator.line()).toBe(`    usbip --tcp-port ${port} attach -r 127.0.0.1 -b 1-2  (POS-10)`);
  expect(await emulator.line()).toMatch(/^Ctrl-C/);

  const { socket } = await attach(address!, '1-2');
  const configure = Buffer.alloc(48);
  for (const [at, value] of [
    [0, 1],
    [4, 1],
    [8, 0x10003],
  ] as const) {
    configure.writeUInt32BE(value, at);
  }
  configure.set([0, 9, 1, 0, 0, 0, 0, 0], 40);
  socket.write(configure);
  const text = async () => (await emulator.line()).slice(14).replaceAll(/ +/g, ' ');
  const lines = [];
  for (let count = 0; count < 5; count++) lines.push(await text());
  socket.destroy();
  for (let count = 0; count < 2; count++) lines.push(await text());
  expect(lines).toEqual([
    '',
    'POS-9 == IDLE',
    'POS-10 == IDLE',
    'usb 1-2 hid a host has attached and configured it',
    'usb 1-2 bulk a host has attached and configured it',
    'usb 1-2 hid the host has disconnected',
    'usb 1-2 bulk the host has disconnected',
  ]);
  await emulator.stop();
});

const usage = (text: string) => ({ code: 64, stdout: '', stderr: expect.stringContaining(text) });

test('refuses an address in use, a wrong address and wrong options, and warns about an open address', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    // If another program has the port, the address is in use too.
    server.once('error', () => resolve()).listen(3240, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  expect(await call(['emulate', '--usbip'])).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'bluetap: --usbip: cannot listen on usbip://127.0.0.1:3240: the address is in use: choose another address, or end the program that uses it\n',
  });
  expect(await call(['emulate', '--usbip', 'localhost'])).toMatchObject(usage('"localhost" is not an address'));
  expect(await call(['emulate', '--usbip', '--usbip'])).toMatchObject(usage('--usbip is given more than once.'));
  for (const count of ['0', '65', '1.5', 'two', '']) {
    const ended = await call(['emulate', '--usbip', '0', '--devices', count]);
    expect(ended).toMatchObject(usage('--devices must be a whole number from 1 to 64'));
  }
  const alone = await call(['emulate', '--tcp', '0', '--devices', '2']);
  expect(alone).toMatchObject(usage('--devices needs --usbip'));
  const long = await call(['emulate', '--usbip', '0', '--devices', '2', '--serial-number', 'x'.repeat(32)]);
  expect(long).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('serialNumber (--serial-number): '),
  });

  const { running, ready } = await emulate(['--usbip', '0.0.0.0:0']);
  expect(ready.devices[0].attach).toMatch(/^usbip --tcp-port \d+ attach -r 127\.0\.0\.1 -b 1-1$/);
  const ended = await running.stop();
  expect(ended.stderr).toMatch(/^bluetap: usbip:\/\/0\.0\.0\.0:\d+ is open to other machines/);
});

test('-- COMMAND: only the command has stdin, and BLUETAP_TRANSPORT is not set for a USB device', async () => {
  const code =
    'process.stdin.on("data", (text) => console.log(String(text), process.env.BLUETAP_TRANSPORT ?? "none")).on("end", () => {})';
  const alone = start(['emulate', '--json', '--usbip', '0', '--', process.execPath, '-e', code]);
  alone.child.stdin!.end('{"do":"unplug"}');
  const ended = await alone.ended;
  expect(ended).toMatchObject({ code: 0, stdout: '{"do":"unplug"} none\n' });
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);

  const both = start(['emulate', '--usbip', '0', '--tcp', '0', '--', process.execPath, '-e', code]);
  both.child.stdin!.end('x');
  expect((await both.ended).stdout).toMatch(/^x tcp:\/\/127\.0\.0\.1:\d+\n$/);
});

/** Starts a command in a new terminal, which `script` makes. Bytes that are written to its stdin are typed. */
function terminal(shell: string): Running {
  return new Running('script', ['-qefc', shell, '/dev/null'], { env: { SHELL: '/bin/sh', TERM: 'dumb' } });
}

async function until(running: Running, text: string): Promise<string> {
  for (;;) {
    const line = await running.line();
    if (line.includes(text)) return line;
  }
}

const node = `'${process.execPath}' '${main}'`;

test('in a terminal: u and Enter unplugs, p plugs, c restarts, Ctrl-C ends it', async () => {
  const running = terminal(`exec ${node} emulate --usbip 0`);
  await until(running, 'u, p, c or t and Enter');
  await until(running, 'IDLE');
  const type = (text: string) => running.child.stdin!.write(text);
  type('x\nu\n');
  await until(running, 'unplugged, power kept');
  type('P\n');
  await until(running, 'plugged in');
  type('c\n');
  await until(running, 'restarted');
  type('\x03');
  expect(await running.ended).toMatchObject({ code: 0 });
});

test('a background job does not read the terminal, and reads it when it comes to the foreground', async () => {
  const shell = 'trap : USR1; echo "shell $$"; wait $!; fg >/dev/null; echo "ended with $?"';
  const running = terminal(`set -m; ${node} emulate --usbip 0 & ${shell}`);
  const pid = Number((await until(running, 'shell ')).split(' ')[1]);
  const address = (await until(running, 'usbip://')).trim().split(' ')[0]!;
  await until(running, 'IDLE');
  running.child.stdin!.write('u\n');
  await until(running, 'u');
  // The line waits in the terminal. A background job that read it would obey it, or the system would stop the job.
  for (let times = 0; times < 3; times++) expect(await countListed(address)).toBe(1);
  process.kill(pid, 'SIGUSR1');
  await until(running, 'unplugged, power kept');
  expect(await countListed(address)).toBe(0);
  running.child.stdin!.write('\x03');
  await until(running, 'ended with 0');
  await running.ended;
});

test('the serial numbers of further devices are counted up', () => {
  expect(serialNumbers('EMU-0001', 3)).toEqual(['EMU-0001', 'EMU-0002', 'EMU-0003']);
  expect(serialNumbers('POS-9', 2)).toEqual(['POS-9', 'POS-10']);
  expect(serialNumbers('A 099', 2)).toEqual(['A 099', 'A 100']);
  expect(serialNumbers('POS', 3)).toEqual(['POS', 'POS-2', 'POS-3']);
  expect(serialNumbers('9'.repeat(20), 2)).toEqual(['9'.repeat(20), `1${'0'.repeat(20)}`]);
});

test('a command is obeyed for its devices, or refused with the reason', () => {
  const devices = ['A', 'B'].map((serialNumber) => new DeviceControl(new Emulator({ serialNumber })));
  const plugged = () => devices.map(({ emulator }) => emulator.plugged);
  const refused = (line: string) => (obeyLine(line, devices) as { message?: string }).message;
  expect(refused('[]')).toBe('not a JSON object');
  expect(refused('null')).toBe('not a JSON object');
  expect(refused('{')).toBe('not a JSON object');
  expect(refused('{}')).toMatch(/^"do" must be one of snapshot, .*, but is undefined$/);
  expect(refused('{"do":"toString"}')).toContain('but is "toString"');
  expect(refused('{"do":"unplug","serial":"C"}')).toBe('no device has the serial number "C": there is A, B');
  expect(refused('{"do":"unplug","serialNumber":"A"}')).toBe('unplug has no parameter "serialNumber": it has power');
  expect(obeyLine('{"do":1,"id":null}', devices)).toMatchObject({ event: 'error', id: null });
  expect(plugged()).toEqual([true, true]);
  expect(obeyLine('{"do":"unplug","serial":"B"}', devices)).toMatchObject({ event: 'done', do: 'unplug' });
  expect(plugged()).toEqual([true, false]);
  obeyKey(' U ', devices);
  for (const nothing of ['unplug', 'constructor', '__proto__']) obeyKey(nothing, devices);
  expect(plugged()).toEqual([false, false]);
  obeyKey('p', devices);
  expect(plugged()).toEqual([true, true]);
});
