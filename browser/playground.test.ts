import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { root } from '../packages/cli/test/cli.js';
import { axeViolations, DESKTOP, openPage, PHONE, picture } from './open-page.js';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** A web server that knows nothing but files, with the playground under a path of its own. */
async function serve(): Promise<string> {
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '').replace('/shop/demo/', '') || 'index.html';
    const bytes = await readFile(join(root, 'dist/playground', path)).catch(() => undefined);
    response.writeHead(bytes ? 200 : 404, { 'content-type': TYPES[extname(path)] ?? 'text/plain' });
    response.end(bytes);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/shop/demo/`;
}

test('a PayCommand as bytes; pay, tap, a lost reply, a cut cable, as the SDK tells them', async () => {
  const { page, requests } = await openPage(await serve());
  await page.getByText('This PAY as bytes:').waitFor();
  const asked = requests.length;
  await page.getByLabel('amount').fill('1,50');
  await page.getByText('These values make no PAY').waitFor();
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await page.locator('.field .bad', { hasText: 'amount' }).or(page.locator('#pos-amount-about.bad')).first().waitFor();
  await page.getByLabel('amount').fill('2.50');
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await page.locator('.amount', { hasText: '2.50' }).waitFor();
  await page.locator('.call', { hasText: 'outcome executed' }).first().waitFor();
  await page.getByRole('button', { name: 'Tap a phone' }).click();
  await page.getByText('read once').waitFor();
  await page.getByRole('button', { name: 'Pay, and lose the reply' }).click();
  await page.locator('tr', { hasText: 'not executed again' }).waitFor();
  await page.getByRole('button', { name: 'Pay, and cut the cable' }).click();
  await page.locator('.call', { hasText: 'outcome unknown' }).waitFor();
  await page.getByRole('button', { name: 'Plug cable in' }).click();
  await page.getByText('resolved later: outcome executed').waitFor();
  const line = page.locator('.call', { hasText: 'resolved later' }).getByRole('img');
  expect(await line.getAttribute('aria-label')).toContain('PAY');
  // Everything was loaded at the start, and the policy allows no connection.
  expect(requests.slice(asked)).toEqual([]);
  expect(await page.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content')).toContain(
    "connect-src 'none'",
  );
});

test.each([
  ['light', DESKTOP],
  ['dark', DESKTOP],
  ['light', PHONE],
] as const)('accessible in %s, %j', async (colorScheme, viewport) => {
  const { page } = await openPage(await serve(), { colorScheme, viewport, reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Pay, and lose the reply' }).click();
  await page.locator('.call', { hasText: 'outcome executed' }).first().waitFor();
  expect(await axeViolations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(
    true,
  );
  await picture(page, `playground-${colorScheme}-${viewport.width}`);
});
