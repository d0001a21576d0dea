import { encodeMessage } from '@bluetap/protocol';
import { expect, test } from 'vitest';
import { deviceHere } from './devices.js';
import { openPage } from './open-page.js';

test('10,000 frames: rows outside the view are not in the document, and both ends are reached', async () => {
  const { emulator, control } = await deviceHere();
  const { page } = await openPage(control.address);
  // The client of this test has opened its connection and its session.
  await page.getByText('3 rows', { exact: true }).waitFor();
  const connection = emulator.attach({ name: 'busy', send: () => {}, close: () => {} });
  connection.receive(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 }));
  for (let count = 0; count < 5000; count += 250) {
    for (let at = 0; at < 250; at++) {
      const { session } = emulator.sessionInfo;
      // After the first one they are repeats. Each is answered, so each makes two rows.
      connection.receive(encodeMessage({ type: 'STATUS', session: session!.number, sequence: 1 }));
    }
    // The page has seen these before the next ones come.
    await page.getByText(`${6 + (count + 250) * 2} rows`, { exact: true }).waitFor();
  }
  expect(await page.locator('tr[data-key]').count()).toBeLessThan(300);
  const list = page.getByRole('grid');
  await list.focus();
  await page.keyboard.press('Home');
  await page.locator('tr', { hasText: 'connection opened: busy' }).waitFor();
  expect(await page.locator('tr[data-key]').count()).toBeLessThan(300);
  await page.keyboard.press('End');
  await page.locator('tr[aria-selected=true]', { hasText: 'STATUS reply' }).waitFor();
  expect(await page.locator('tr[data-key]').count()).toBeLessThan(300);
});

test('two pages that steer at once see what the other does', async () => {
  const { control } = await deviceHere();
  const [one, two] = [await openPage(control.address), await openPage(control.address)];
  await one.page.getByRole('button', { name: 'Refuse' }).click();
  await two.page.getByText(/^command refuse: .*\(by http\)$/).waitFor();
  await two.page.keyboard.press('u');
  await one.page.getByText('Cable unplugged', { exact: true }).waitFor();
});

test('the page comes back with the emulator, and keeps what it has shown', async () => {
  const { control, emulator, client } = await deviceHere({ token: 'fixed' });
  const { page } = await openPage(control.address, {}, [/ERR_/]);
  await client.pay({ paymentMethod: 'TRUEMONEY', orderId: 'BEFORE' });
  await page.locator('tr', { hasText: 'BEFORE' }).waitFor();
  await control.close();
  await page.getByText('The emulator is not reachable: start it again.').waitFor();
  await emulator.close();
  const again = await deviceHere({ token: 'fixed', port: Number(new URL(control.origin).port) });
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByText('the emulator was started again').waitFor();
  await again.client.pay({ paymentMethod: 'TRUEMONEY', orderId: 'AFTER' });
  await page.locator('.wallet', { hasText: 'AFTER' }).waitFor();
  await page.getByPlaceholder('Filter: order id, amount, fault, hex').fill('BEFORE');
  await page.locator('tr', { hasText: 'BEFORE' }).first().waitFor();
});
