import { loseReplies } from '@bluetap/emulator';
import { expect, it } from 'vitest';
import { order, rigs } from '../rig.js';

const start = rigs();

it('connected is told for a new channel, although the call that opened it ended before HELLO was answered', async () => {
  const { client, emulator, clock, events, within } = start();
  await within(0, client.info());
  emulator.use(loseReplies(1, { type: 'PAY' }));
  const paid = client.pay(order, { timeoutMs: 300 });
  await clock.advance(100);
  emulator.use(loseReplies(1, { type: 'HELLO' }));
  emulator.unplug();
  emulator.plug();
  expect(await within(200, paid)).toMatchObject({ outcome: 'unknown', pending: true });
  await within(3000, client.info());
  expect(events('disconnected').length).toBe(1);
  expect(events('connected').length).toBe(2);
  expect(events('resolved')).toMatchObject([{ outcome: 'executed' }]);
});
