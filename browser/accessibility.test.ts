import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { emulatedProcess } from './devices.js';
import { axeViolations, DESKTOP, openPage, PHONE, picture } from './open-page.js';

/** No part of the page is cut off at the side. */
async function isWithinWindow(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
}

test.each([
  ['light', DESKTOP],
  ['dark', DESKTOP],
  ['light', PHONE],
  ['dark', PHONE],
] as const)('the page in %s, %j', async (colorScheme, viewport) => {
  const { control, pay } = await emulatedProcess('--triggers');
  const { page } = await openPage(control, { colorScheme, viewport, reducedMotion: 'reduce' });
  const name = `page-${colorScheme}-${viewport.width}`;
  const check = async (state: string) => {
    expect([state, await axeViolations(page)]).toEqual([state, []]);
    expect([state, await isWithinWindow(page)]).toEqual([state, true]);
    await picture(page, `${name}-${state}`);
  };
  await page.getByText('A PAY shows one here').waitFor();
  await check('idle');
  await page.getByRole('button', { name: 'Lose the reply' }).click();
  await page.getByRole('button', { name: 'More' }).click();
  await pay('--amount', '120.00', '--order-id', 'POS1-0042');
  await page.locator('tr', { hasText: 'not executed again' }).click();
  await page.getByRole('region', { name: /bytes$/ }).waitFor();
  await check('lost-reply');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Help' }).waitFor();
  await check('help');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Stage view' }).click();
  await page.getByRole('dialog', { name: 'EMU-0001, stage view' }).waitFor();
  await check('stage');
});

test('an emulator that is not reachable', async () => {
  const { control, running } = await emulatedProcess();
  const { page } = await openPage(control, {}, [/ERR_/]);
  await page.getByText('A PAY shows one here').waitFor();
  await running.stop();
  await page.getByText('The emulator is not reachable: start it again.').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await picture(page, 'page-not-reachable');
});
