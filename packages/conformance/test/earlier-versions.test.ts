// Previous and the tap source came later in version 1 of the format. Who does not know them still works with who does.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Emulator, type EmulatorEvent } from '@bluetap/emulator';
import { listen } from '@bluetap/emulator/node';
import { Client } from '@bluetap/sdk';
import { expect, test } from 'vitest';
import { hostProgram } from './host/hosts.js';
import { Device } from './wrong-devices/device.js';
import { inProcess } from './wrong-devices/in-process.js';
import { JumpingClock } from './wrong-devices/jumping-clock.js';

test('a device that does not know previous and the tap source serves the SDK', async () => {
  const clock = new JumpingClock();
  const device = new Device({ clock, tellsPrevious: false, tellsTapSource: false });
  const client = new Client({ transport: inProcess(device), clock });
  for (const orderId of ['A', 'B']) {
    const result = await client.pay({ paymentMethod: 'TRUEMONEY', orderId });
    expect(result).toMatchObject({ outcome: 'executed', linkLive: 'yes' });
    expect(result).not.toHaveProperty('previous');
  }
  expect(client.device).not.toHaveProperty('tapSource');
  expect(await client.cancel()).toMatchObject({ outcome: 'executed', taps: 0 });
  await client.close();
  device.dispose();
});

test('a host that does not know previous and the tap source pays at a device that tells them', async () => {
  const events: EmulatorEvent[] = [];
  const emulator = new Emulator({ tapSource: 'field', onEvent: (event) => events.push(event) });
  const { address } = await listen(emulator, { tcp: '127.0.0.1:0' });
  const [program = '', ...args] = hostProgram;
  for (const orderId of ['A', 'B']) {
    const call = ['pay', '--json', '--payment-method', 'TRUEMONEY', '--order-id', orderId, '--timeout', '5000'];
    const env = { ...process.env, BLUETAP_TRANSPORT: address };
    const { stdout } = await promisify(execFile)(program, [...args, ...call], { env });
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({ code: 'SUCCESS', linkLive: 'yes' });
    expect(emulator.snapshot).toMatchObject({ state: 'ready', orderId });
  }
  const sent = events.flatMap((event) =>
    event.event === 'message' && event.direction === 'out' ? [event.message] : [],
  );
  expect(sent).toMatchObject([
    { type: 'HELLO_REPLY', tapSource: 'field' },
    { type: 'PAY_REPLY' },
    { type: 'HELLO_REPLY', tapSource: 'field' },
    { type: 'PAY_REPLY', previous: { state: 'ready', taps: 0 } },
  ]);
  await emulator.close();
});
