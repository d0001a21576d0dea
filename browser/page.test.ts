import { expect, test } from 'vitest';
import { emulatedProcess } from './devices.js';
import { openPage } from './open-page.js';

test('shows what the device shows: a PAY, a tap, the cable, the power, the NFC part', async () => {
  const { control, pay } = await emulatedProcess();
  const { page } = await openPage(control);
  await page.getByText('A PAY shows one here').waitFor();
  await pay('--amount', '120.00', '--order-id', 'POS1-0042');
  await page.locator('.amount', { hasText: '120.00' }).waitFor();
  await page.getByText('TRUEMONEY, order POS1-0042').waitFor();
  await page.locator('.screen svg').first().waitFor();
  await page.getByText(/\d+:\d+ left of 15:00/).waitFor();
  expect(await page.title()).toBe('EMU-0001 ready · BlueTap');
  await page.getByRole('button', { name: 'Tap a phone' }).click();
  await page.getByText('read once').waitFor();
  await page.getByRole('button', { name: 'Unplug cable', exact: false }).first().click();
  await page.getByText('Cable unplugged', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Plug cable in' }).click();
  await page.getByText('Cable plugged in', { exact: true }).waitFor();
  await page.getByText('broken', { exact: true }).click();
  await page.getByText('The last payment link was read once').or(page.getByText('A PAY shows one here')).waitFor();
  await page.getByText('NFC works').click();
  await page.getByRole('button', { name: 'Power cycle' }).click();
  await page.getByText('the device restarted: it has no session and no payment link').waitFor();
});

test('a lost reply is struck through, a repeat is marked, and each byte of a frame is explained', async () => {
  const { control, pay } = await emulatedProcess();
  const { page } = await openPage(control);
  await page.getByRole('button', { name: 'Lose the reply' }).click();
  await page.locator('.behaviours, .card', { hasText: 'What goes wrong next' }).getByText('once').first().waitFor();
  await pay('--order-id', 'POS1-0042');
  const lost = page.locator('tr.stopped', { hasText: 'PAY reply' });
  await lost.getByText('lost by loseReplies').waitFor();
  expect(await lost.locator('.said').evaluate((cell) => getComputedStyle(cell).textDecorationLine)).toBe(
    'line-through',
  );
  const repeat = page.locator('tr', { hasText: 'repeat: answered again, not executed again' });
  await repeat.click();
  const bytes = page.getByRole('region', { name: /^PAY \d+\/1, \d+ bytes$/ });
  await bytes.getByText('POS1-0042').first().waitFor();
  await bytes.getByText('CRC-32C').first().waitFor();
  await bytes.getByRole('button', { name: 'Copy as vector' }).click();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  expect(copied).toMatchObject({
    wire: expect.stringMatching(/^00.*00$/),
    message: { type: 'PAY', orderId: 'POS1-0042' },
  });
  await page.getByRole('button', { name: 'Copy record' }).click();
  const record = await page.evaluate(() => navigator.clipboard.readText());
  const events = record
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(['message', 'behaviour', 'repeat', 'state']));
});

test('who has the session, what goes wrong next, and the same steps as code', async () => {
  const { control, pay } = await emulatedProcess();
  const { page } = await openPage(control);
  await page.getByRole('button', { name: 'Answer late' }).click();
  await page.getByRole('button', { name: 'Lose the reply' }).click();
  await pay('--order-id', 'A');
  await page.getByRole('button', { name: 'Tap a phone' }).click();
  await page.getByText('read once').waitFor();
  for (const [language, code] of [
    ['TypeScript', 'emulator.use(loseReplies(1, {'],
    ['Shell', 'lose-replies times=1 type=PAY'],
    ['curl', '/v1/devices/EMU-0001/'],
    ['Python', 'lose-replies'],
    ['C#', 'lose-replies'],
  ] as const) {
    await page.locator('.samples label', { hasText: language }).click();
    await page.locator('.samples pre', { hasText: code }).waitFor();
  }
  await page
    .locator('.card', { hasText: 'Last command' })
    .getByText(/^\d+\/1$/)
    .waitFor();
});

test('the list is filtered and paused', async () => {
  const { control, pay } = await emulatedProcess();
  const { page } = await openPage(control);
  await pay('--order-id', 'FIRST');
  await page.locator('tr', { hasText: 'FIRST' }).first().waitFor();
  await page.getByPlaceholder('Filter: order id, amount, fault, hex').fill('FIRST');
  await page.getByText(/^1 of \d+ rows$/).waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await pay('--order-id', 'SECOND');
  await page.locator('.wallet', { hasText: 'SECOND' }).waitFor();
  expect(await page.locator('tr', { hasText: 'SECOND' }).count()).toBe(0);
  await page.keyboard.press('p');
  await page.locator('tr', { hasText: 'SECOND' }).first().waitFor();
});

test('several devices are tabs; triggers are told', async () => {
  const { control } = await emulatedProcess('--usbip', '127.0.0.1:0', '--devices', '2', '--triggers');
  const { page } = await openPage(control);
  await page.getByText('Triggers are on').waitFor();
  await page.getByRole('tab', { name: 'EMU-0002' }).click();
  await page.getByRole('button', { name: 'Unplug cable', exact: false }).first().click();
  await page.getByRole('tab', { name: 'EMU-0002' }).getByText('unplugged').waitFor();
  await page.getByRole('tab', { name: 'EMU-0001' }).click();
  await page.getByText('Cable plugged in', { exact: true }).waitFor();
});

test('keys alone: tap, unplug, lose a reply, and read the bytes of a frame', async () => {
  const { control, pay } = await emulatedProcess();
  const { page } = await openPage(control);
  await page.getByText('A PAY shows one here').waitFor();
  /** Presses Tab until the focus is on something with this name. */
  const reach = async (name: string) => {
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
      );
      if (focused.startsWith(name)) return;
    }
    throw new Error(`Tab never reaches "${name}"`);
  };
  await reach('Lose the reply');
  await page.keyboard.press('Enter');
  await page.locator('.card', { hasText: 'What goes wrong next' }).locator('li').first().waitFor();
  await pay('--order-id', 'KEYS');
  await page.locator('tr', { hasText: 'not executed again' }).waitFor();
  await page.keyboard.press('t');
  await page.getByText('read once').waitFor();
  await page.keyboard.press('u');
  await page.getByText('Cable unplugged', { exact: true }).waitFor();
  await page.keyboard.press('u');
  await page.getByText('Cable plugged in', { exact: true }).waitFor();
  await reach('Frames and events, oldest first');
  await page.keyboard.press('Home');
  // The command, then the connection, then the first frame.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.getByRole('region', { name: /^HELLO 0\/0, \d+ bytes$/ }).waitFor();
  await reach('Every part, one a line');
  await page.keyboard.press('Enter');
  await page.locator('.lines li').first().waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Help' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('the token leaves the address bar; a page without the right one says what to do', async () => {
  const { control } = await emulatedProcess();
  const { page } = await openPage(control);
  await page.getByText('A PAY shows one here').waitFor();
  expect(page.url()).toBe(`${new URL(control).origin}/`);
  await page.reload();
  await page.getByText('A PAY shows one here').waitFor();
  const none = await openPage(new URL(control).origin);
  await none.page.getByText('This page needs the token of the emulator').waitFor();
  const wrong = await openPage(control.replace(/token=.*/, 'token=x'), {}, [/401/]);
  await wrong.page.getByText('The emulator does not accept the token of this page').waitFor();
});
