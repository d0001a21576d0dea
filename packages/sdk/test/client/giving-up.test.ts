import { delayReplies, silent } from '@bluetap/emulator';
import { describe, expect, it } from 'vitest';
import { order, rigs } from '../rig.js';

const start = rigs();

describe('a call that its program aborts (C-10)', () => {
  it('by its signal: the message does not blame a device that was about to answer', async () => {
    const { client, emulator, clock, within } = start();
    await within(0, client.info());
    emulator.use(delayReplies(100, { type: 'PAY' }));
    const controller = new AbortController();
    const paying = client.pay(order, { signal: controller.signal });
    await clock.advance(1);
    controller.abort(new Error('The shopper left.'));
    expect((await within(0, paying)).error?.message).toBe(
      'PAY was sent, and the call was given up before EMU-0001 answered: whether it was executed is not known yet, so do not send it again. The shopper left.',
    );
  });

  it('by close()', async () => {
    const { client, emulator, clock, within } = start();
    await within(0, client.info());
    emulator.use(delayReplies(100));
    const paying = client.pay(order);
    await clock.advance(1);
    const closing = client.close();
    expect((await within(0, paying)).error?.message).toBe(
      'PAY was sent, and the call was given up before EMU-0001 answered: whether it was executed is not known yet, so do not send it again. The client was closed: make a new one.',
    );
    await within(0, closing);
  });

  it('STATUS', async () => {
    const { client, emulator, clock, within } = start();
    await within(0, client.info());
    emulator.use(silent());
    const asking = client.status().catch((error) => error.message);
    await clock.advance(1);
    await within(0, client.close());
    expect(await asking).toBe('STATUS was given up before EMU-0001 answered. The client was closed: make a new one.');
  });

  it('its time is over, also a short time: the message says that the device has not answered', async () => {
    const { client, emulator, within } = start();
    await within(0, client.info());
    emulator.use(silent());
    expect((await within(1, client.pay(order, { timeoutMs: 1 }))).error?.message).toBe(
      'PAY was sent, but EMU-0001 has not answered: whether it was executed is not known yet, so do not send it again. The time was up after 1 ms.',
    );
    expect(
      await within(
        1,
        client.status({ timeoutMs: 1 }).catch((error) => error.message),
      ),
    ).toContain('within 1 ms');
  });
});
