import { readFileSync } from 'node:fs';
import { Client } from '@bluetap/sdk';
import { it, expect } from 'vitest';
import { Device } from './device.js';
import { inProcess } from './in-process.js';
import { JumpingClock } from './jumping-clock.js';
it('pays', async () => {
  const clock = new JumpingClock();
  const device = new Device({ clock });
  const client = new Client({ transport: inProcess(device), clock });
  console.log(await client.pay({ paymentMethod: 'TRUEMONEY', amount: '27.01', orderId: 'A&B', expiryTime: 5 }));
  console.log(new TextDecoder().decode((await device.hook('tap')).ndef));
  console.log(await client.status());
  console.log(await client.cancel({orderId:'X'}));
  console.log(await client.cancel({orderId:'A&B'}));
  console.log(await client.info());
  await client.close();
  device.dispose();
});
