// SDK and emulator in one Windows program.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Emulator, loseReplies, restartAfterExecuting, VirtualClock } from '@bluetap/emulator';
import { Client, TinyCommand } from '@bluetap/sdk';

const order = { paymentMethod: 'TRUEMONEY', amount: '120.00', orderId: 'POS1-0042' } as const;

describe('SDK and emulator in process', () => {
  test("the vendor's call returns SUCCESS, and a phone reads the payment link", async () => {
    const emulator = new Emulator();
    const tiny = new TinyCommand({ transport: emulator.transport() });
    assert.equal(await tiny.sendPayCommand(order), 'SUCCESS');
    assert.match(emulator.tap()!.uri, /amount=120\.00/);
    await tiny.close();
    await emulator.close();
  });

  test('a payment link expires after fifteen minutes of a virtual clock', async () => {
    const clock = new VirtualClock();
    const emulator = new Emulator({ clock });
    const client = new Client({ transport: emulator.transport(), clock });
    assert.equal((await client.pay(order)).outcome, 'executed');
    const states: string[] = [];
    client.on('link', ({ state }) => states.push(state));
    await clock.advance(900_000);
    assert.deepEqual(states, ['expired']);
    await client.close();
    await emulator.close();
  });

  for (const [name, behaviour] of Object.entries({
    'a lost reply': loseReplies(1, { type: 'PAY' }),
    'a restart of the device': restartAfterExecuting(),
  })) {
    test(`${name} leaves no doubt`, async () => {
      const clock = new VirtualClock();
      const emulator = new Emulator({ clock });
      emulator.use(behaviour);
      const client = new Client({ transport: emulator.transport(), clock });
      const paying = client.pay(order);
      await clock.advance(5000);
      const { outcome } = await paying;
      assert.equal(outcome, name === 'a lost reply' ? 'executed' : 'unknown');
      await client.close();
      await emulator.close();
    });
  }
});
