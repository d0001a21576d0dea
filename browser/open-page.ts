import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect, inject, onTestFinished } from 'vitest';
import { root } from '../packages/cli/test/cli.js';

let connected: Promise<Browser> | undefined;

/** The window of a person with a large screen, and of a person with a phone. */
export const DESKTOP = { width: 1280, height: 900 } as const;
export const PHONE = { width: 390, height: 844 } as const;

/** A page under test, with everything that it did. */
export interface Opened {
  readonly page: Page;
  /** The addresses of all requests. */
  readonly requests: readonly string[];
}

/**
 * Opens a page in a context of its own. After the test, the page must have reported no error, also no violation of its
 * Content-Security-Policy, and must have asked no other origin.
 * @param allowed Patterns of errors that the test expects.
 */
export async function openPage(
  address: string,
  options: BrowserContextOptions = {},
  allowed: readonly RegExp[] = [],
): Promise<Opened> {
  connected ??= chromium.connect(inject('browser'));
  const browser = await connected;
  const permissions = ['clipboard-read', 'clipboard-write'];
  const context = await browser.newContext({ viewport: DESKTOP, colorScheme: 'light', permissions, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  onTestFinished(async () => {
    await context.close();
    const { origin } = new URL(address);
    expect(requests.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:'))).toEqual([]);
    expect(errors.filter((error) => !allowed.some((pattern) => pattern.test(error)))).toEqual([]);
  });
  await page.goto(address);
  return { page, requests };
}

/** The accessibility rules that the page breaks now, each with its places. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  // The Content-Security-Policy of the page forbids scripts that are added to it, but not those of the debugger.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** Keeps a picture for a person to look at, outside git. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = join(root, 'dist/screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
