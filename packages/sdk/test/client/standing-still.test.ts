import type { Message } from '@bluetap/protocol';
import { BlockedClock } from '@bluetap/transport/conformance';
import { describe, expect, it } from 'vitest';
import { Client } from '../../src/index.js';
import { order } from '../rig.js';
import { helloOf, scriptedDevice } from '../scripted-device.js';

/** The work of the event loop between two timers. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

const paid: Message = {
  type: 'PAY_REPLY',
  session: 5,
  sequence: 1,
  result: 'SUCCESS',
  state: 'ready',
  remaining: 900,
};

async function start() {
  const clock = new BlockedClock();
  const device = scriptedDevice((request) => (request.type === 'HELLO' ? [helloOf(request)] : []));
  let taken: Promise<void> | undefined;
  const { transport } = device;
  const client = new Client({
    clock,
    transport: {
      ...transport,
      open: async (...all) => {
        const channel = await transport.open(...all);
        return {
          write: async (bytes) => {
            await channel.write(bytes);
            await taken;
          },
          close: () => channel.close(),
        };
      },
    },
  });
  const lost: Error[] = [];
  client.on('disconnected', (error) => lost.push(error));
  await client.info();
  return {
    clock,
    device,
    client,
    lost,
    /** From now on, the system takes the bytes of a write, but the write resolves only when the function is called. */
    holdWrites(): () => void {
      let release = () => {};
      taken = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
  };
}

describe('a program that was blocked (C-28)', () => {
  it.each([1000, 1050, 5000, 5050, 7000])(
    'for %i ms reads the waiting reply before its time limit ends',
    async (ms) => {
      const { clock, device, client, lost } = await start();
      const paying = client.pay(order);
      await turn();
      clock.block(ms);
      await turn();
      device.say(paid);
      expect(await paying).toMatchObject({ code: 'SUCCESS', outcome: 'executed', linkLive: 'yes' });
      expect(device.types()).toEqual(['HELLO', 'PAY']);
      expect(lost).toEqual([]);
      await client.close();
    },
  );

  it('and gets no reply: the result says that it was blocked, and the command is in doubt', async () => {
    const { clock, client } = await start();
    const paying = client.pay(order);
    await turn();
    clock.block(7000);
    await turn();
    clock.block(100);
    expect(await paying).toMatchObject({
      outcome: 'unknown',
      pending: true,
      error: {
        message:
          'PAY was sent, but BT-1 has not answered: whether it was executed is not known yet, so do not send it again. The time was up after 5000 ms; this program was blocked for 2000 ms.',
      },
    });
    await client.close();
  });

  it.each([
    ['just as long as', 1000],
    ['longer than', 2000],
  ])('for %s a reply may take keeps a channel that has taken its bytes in the time between', async (_long, ms) => {
    const { clock, device, client, lost, holdWrites } = await start();
    const taken = holdWrites();
    const paying = client.pay(order);
    await turn();
    clock.block(ms);
    taken();
    await turn();
    device.say(paid);
    expect(await paying).toMatchObject({ code: 'SUCCESS' });
    expect([device.types(), device.opened(), lost]).toEqual([['HELLO', 'PAY'], 1, []]);
    await client.close();
  });

  it('and a channel that still takes no bytes some turns later: the channel is given up', async () => {
    const { clock, client, lost, holdWrites } = await start();
    holdWrites();
    const paying = client.pay(order, { timeoutMs: 60_000 });
    await turn();
    clock.block(1000);
    await turn();
    expect(lost).toEqual([]);
    clock.block(100);
    await turn();
    expect(lost.map(({ message }) => message)).toEqual(['here took no bytes for 1000 ms; the channel is given up']);
    void paying;
    await Promise.all([client.close(), turn().then(() => clock.block(1000))]);
  });

  it('and gives up a channel: the error says that it was blocked', async () => {
    const { clock, client, lost, holdWrites } = await start();
    holdWrites();
    const paying = client.pay(order, { timeoutMs: 60_000 });
    await turn();
    clock.block(3000);
    await turn();
    clock.block(100);
    await turn();
    expect(lost.map(({ message }) => message)).toEqual([
      'here took no bytes for 1000 ms; this program was blocked for 2000 ms; the channel is given up',
    ]);
    void paying;
    await Promise.all([client.close(), turn().then(() => clock.block(1000))]);
  });
});
