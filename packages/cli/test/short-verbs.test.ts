import { COMMANDS } from '@bluetap/emulator/commands';
import { expect, test } from 'vitest';
import { inFull, SHORT_VERBS } from '../src/device/short-verbs.js';
import { call, emulate } from './cli.js';

test('fault and repair work the fault switch of the NFC part', async () => {
  const { ready } = await emulate(['--tcp', '127.0.0.1:0', '--control']);
  const device = (...words: string[]) => call(['device', ...words, '--control', ready.control]);
  expect(JSON.parse((await device('fault')).stdout)).toMatchObject({ nfcFault: 'now' });
  expect(JSON.parse((await device('repair')).stdout)).toMatchObject({ nfcFault: 'none' });
  const twice = await device('fault', 'fault=none');
  expect(twice).toMatchObject({ code: 64, stderr: expect.stringContaining('fault is given more than once') });
});

test('a short verb is no verb of the table, and stands for one', () => {
  for (const [short, [verb]] of Object.entries(SHORT_VERBS)) {
    expect(COMMANDS.map((row) => row.verb)).not.toContain(short);
    expect(COMMANDS.map((row) => row.verb)).toContain(verb);
  }
  expect(inFull(['unplug', 'power=lost'])).toEqual(['unplug', 'power=lost']);
  expect(inFull(['constructor'])).toEqual(['constructor']);
});
