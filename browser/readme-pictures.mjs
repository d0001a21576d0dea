// `npm run screenshots`: makes the pictures of the page in README.md, in light and in dark. Needs Chromium.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const bluetap = join(root, 'packages/cli/dist/main.js');
const images = join(root, 'docs/images');

const emulate = [bluetap, 'emulate', '--json', '--tcp', '127.0.0.1:4000', '--control', '127.0.0.1:0'];
const device = spawn(process.execPath, emulate, { stdio: ['pipe', 'pipe', 'inherit'] });
const [line] = await once(createInterface({ input: device.stdout }), 'line');
const { tcp, control } = JSON.parse(line);
device.stdout.resume();

/** @param {string[]} args */
function run(...args) {
  const { status } = spawnSync(process.execPath, [bluetap, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, BLUETAP_CONTROL: control, BLUETAP_TRANSPORT: tcp },
  });
  if (status !== 0) throw new Error(`bluetap ${args.join(' ')} ended with ${status}`);
}

run('device', 'lose-replies', 'type=PAY');
run('pay', '--payment-method', 'TRUEMONEY', '--amount', '120.00', '--order-id', 'POS1-0042');
run('device', 'tap');
run('device', 'delay-replies', 'ms=1500', 'type=STATUS');

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
mkdirSync(images, { recursive: true });
for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  const page = await browser.newPage({ viewport: { width: 1320, height: 840 }, deviceScaleFactor: 1.25, colorScheme });
  await page.goto(control);
  await page.locator('tr', { hasText: 'not executed again' }).click();
  await page.getByRole('region', { name: /bytes$/ }).waitFor();
  await page.screenshot({ path: join(images, `panel-${colorScheme}.png`) });
}
await browser.close();
device.kill();
