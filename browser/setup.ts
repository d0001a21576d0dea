// Prepares a run of the browser tests: installs Chromium, builds page and playground, and starts the one browser.
import { spawnSync } from 'node:child_process';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { Deadline } from '../lab/src/deadline.js';
import { ensureDebianPackages } from '../lab/src/debian-packages.js';

/** Without the flags for the network, Chromium looks for hosts of its maker at every start. */
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the browser, for playwright. */
    browser: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await ensureDebianPackages(new Deadline(300), ['chromium'], 'browser tests');
  const build = spawnSync(process.execPath, ['panel/build.mjs', '--silent'], { stdio: ['ignore', 2, 2] });
  if (build.status !== 0) throw new Error('the page and the playground could not be built');
  const server = await chromium.launchServer({ executablePath: '/usr/bin/chromium', args: FLAGS });
  project.provide('browser', server.wsEndpoint());
  return () => server.close();
}
