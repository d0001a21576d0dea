import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@bluetap/emulator';
import { expect, it, onTestFinished, vi } from 'vitest';
import { serial } from '../src/index.js';
import { portNodes } from '../src/port-nodes.js';

it('differs when a port comes, is described by udev, or goes, and for nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bluetap-ports-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const touch = (name: string) => writeFileSync(join(folder, name), '');
  const seen = [portNodes(folder, folder)];
  const change = (work: () => void): boolean => {
    work();
    seen.push(portNodes(folder, folder));
    return seen.at(-1) !== seen.at(-2);
  };
  expect(seen).toEqual(['']);
  expect(change(() => touch('null'))).toBe(false);
  expect(change(() => touch('ttyACM0'))).toBe(true);
  expect(change(() => {})).toBe(false);
  // What udev knows of the device 0:0, which a plain file says it is.
  expect(change(() => touch('c0:0'))).toBe(true);
  expect(change(() => rmSync(join(folder, 'ttyACM0')))).toBe(true);
  expect(seen.at(-1)).toBe('');
});

it('a watch lists nothing by itself on Linux, and hints at once, so that somebody does', async () => {
  const clock = new VirtualClock();
  const list = vi.fn(async () => []);
  const onChange = vi.fn();
  const load = async () => ({ list, open: () => Promise.reject(new Error('unused')) });
  const stop = serial({ load, clock }).watch!(onChange);
  await clock.advance(10_000);
  stop();
  expect(clock.pending).toBe(0);
  expect(onChange).toHaveBeenCalled();
  expect(list.mock.calls.length > 0).toBe(process.platform !== 'linux');
});
