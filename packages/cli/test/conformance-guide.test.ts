import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deviceCases, hostCases, RULES } from '@bluetap/conformance';
import { expect, onTestFinished, test, vi } from 'vitest';
import { shellHook } from '../src/conformance/hook.js';
import { call, emulate, root, temporaryFolder } from './cli.js';

const page = readFileSync(join(root, 'docs/guides/conformance.md'), 'utf8');
const folder = join(root, 'packages/conformance/src/device');
const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n');

test.each([
  'there is no hook that can do "',
  'the hook does not tell what the tag holds',
  'it needs a second transport to the same device',
  'it takes minutes: run with "exhaustive"',
  'the device does not tell its tap source',
  'the declaration does not say "taps"',
  'the transport knows no serial number before a session',
  'the connection has neither reports nor transfers',
  'the device does not notice that a connection is closed',
])('the guide explains the reason %j, which the run tells', (reason) => {
  expect(page).toContain(`${reason}`);
  expect(source).toContain(reason);
});

test('the guide names the rules that no case proves', () => {
  const proven = new Set([...deviceCases(), ...hostCases(true)].flatMap(({ rules }) => rules));
  const others = RULES.map(({ id }) => id).filter((id) => !proven.has(id));
  expect(page).toContain(`No case proves ${others.join(' and ')}.`);
});

test('the cases in the reports of the guide exist', () => {
  const names = [...deviceCases(), ...hostCases(true)].map(({ name, rules }) => `${name} (${rules.join(', ')})`);
  const quoted = [...page.matchAll(/^(?:proven {10}|failed {10}|not applicable {2})(?!R-)(.*?\(R-[^)]*\))/gm)];
  expect(quoted.length).toBeGreaterThan(15);
  expect(quoted.map(([, text]) => text).filter((text) => !names.includes(text!))).toEqual([]);
});

test('the hook of the guide that uses curl steers an emulated device', async () => {
  const { ready } = await emulate(['--tcp', '127.0.0.1:0', '--control']);
  vi.stubEnv('BLUETAP_CONTROL', ready.control);
  onTestFinished(() => void vi.unstubAllEnvs());
  const file = join(temporaryFolder(), 'quick.sh');
  const [, program] = /```sh\n(#!\/bin\/sh\n# quick\.sh:.*?)```/s.exec(page) ?? [];
  writeFileSync(file, program!);
  const hook = shellHook(`sh '${file}'`, () => {});
  const { signal } = new AbortController();
  const fault = async () => JSON.parse((await call(['device', 'snapshot'])).stdout).nfcFault;
  await call(['pay', '--transport', ready.tcp, '--payment-method', 'TRUEMONEY']);
  expect((await hook('tap', signal)).ndef).toEqual(expect.any(Uint8Array));
  await hook('fault', signal);
  expect(await fault()).toBe('now');
  await hook('repair', signal);
  expect(await fault()).toBe('none');
  await hook('power-cycle', signal);
  expect(await hook('tap', signal)).toEqual({ ndef: new Uint8Array() });
});
