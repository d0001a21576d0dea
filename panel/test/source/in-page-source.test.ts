import { Emulator } from '@bluetap/emulator';
import { Client } from '@bluetap/sdk';
import { describe, expect, it } from 'vitest';
import { NOTHING_KNOWN, type PanelState, reduce } from '../../src/model/reduce.js';
import { InPageSource } from '../../src/source/in-page-source.js';
import { NOW } from '../events.js';

function playground() {
  const source = new InPageSource(() => new Date(NOW).toISOString());
  const { emulator } = source.add((onEvent) => new Emulator({ onEvent }));
  const seen: { state: PanelState } = { state: NOTHING_KNOWN };
  source.start((inputs) => {
    seen.state = reduce(seen.state, inputs, NOW);
  });
  return { source, emulator, seen };
}

describe('a device in the page', () => {
  it('tells everything that a payment does', async () => {
    const { source, emulator, seen } = playground();
    await using client = new Client({ transport: emulator.transport() });
    await client.pay({ paymentMethod: 'TRUEMONEY', amount: '120.00', orderId: 'POS1-0042' });
    await source.command('EMU-0001', 'tap', {});
    const [device] = seen.state.devices;
    expect(device?.view).toEqual(await source.view('EMU-0001'));
    expect(device?.rows.map((row) => (row.kind === 'frame' ? row.title : row.text))).toEqual([
      expect.stringMatching(/^connection opened/),
      'HELLO',
      'HELLO reply',
      'PAY',
      'PAY reply',
      'a phone read the payment link (1)',
      'LINK',
    ]);
    expect(device?.steps).toMatchObject([{ do: 'tap', by: 'page' }]);
  });

  it('shows a refusal that a behaviour makes', async () => {
    const { source, emulator, seen } = playground();
    await source.command('EMU-0001', 'refuse', { reason: 6, type: 'PAY' });
    await using client = new Client({ transport: emulator.transport() });
    await client.pay({ paymentMethod: 'TRUEMONEY' });
    const notes = seen.state.devices[0]!.rows.flatMap((row) => (row.kind === 'frame' ? row.notes : []));
    expect(notes.map(({ text }) => text)).toEqual([
      'answered by refuse: it did not reach the device',
      'answered by refuse, not by the device',
    ]);
  });

  it('refuses a wrong command with the words of the table', async () => {
    const { source } = playground();
    await expect(source.command('EMU-0001', 'delay-replies', {})).rejects.toMatchObject({
      name: 'CommandFailure',
      parameter: 'ms',
    });
    await expect(source.command('X', 'tap', {})).rejects.toThrow('no device X');
  });
});
