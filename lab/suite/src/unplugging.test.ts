// Unplugs devices and plugs them in again, one for each transport and all at the same time. It does this while a POS is
// idle, while it waits for a reply, and while it writes.
import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { afterEach, before, describe, test } from 'node:test';
import type { Client } from '@bluetap/sdk';
import { devices } from './device-controller.js';
import { nextEvent } from './next-event.js';
import { openAllPos, type Pos } from './pos-per-transport.js';

const rounds = Number(process.env['BLUETAP_ROUNDS'] || 10);
/** The rounds of the last test. It runs fewer rounds, because it cannot see whether a write was in progress. */
const frozenRounds = Math.ceil(rounds / 5);
const paymentMethod = 'TRUEMONEY';

describe(`unplugging, ${rounds} times`, { timeout: rounds * 120_000 }, () => {
  let posPrograms: Pos[] = [];
  /** The number of open files of this process before the first test, with the open devices. */
  let held = 0;
  const each = (work: (pos: Pos) => Promise<void>) => Promise.all(posPrograms.map(work));

  before(async () => {
    posPrograms = await openAllPos();
    held = openFiles().length;
  });

  // A failed test can leave the process of the devices stopped.
  afterEach(() => devices.thaw());

  test('idle: the POS sees the unplug, finds the device again, and pays', async () => {
    for (let round = 0; round < rounds; round++) {
      await each(async ({ name, device, client }) => {
        const disconnected = nextEvent(client, 'disconnected');
        await devices.unplug(device);
        await disconnected;
        const connected = nextEvent(client, 'connected');
        await devices.plug(device);
        await connected;
        await pays(client, device, `IDLE-${name}-${round}`);
      });
    }
    holdsNoMore();
  });

  test('while the POS waits for a reply: the POS reports that the device executed the PAY', async () => {
    for (let round = 0; round < rounds; round++) {
      await each(async ({ name, device, client }) => {
        const orderId = `WAIT-${name}-${round}`;
        await devices.tell(device, 'use', { behaviour: 'loseReplies', args: [1000, { type: 'PAY' }] });
        const disconnected = nextEvent(client, 'disconnected');
        const giveUp = new AbortController();
        const paying = client.pay({ paymentMethod, orderId }, { signal: giveUp.signal, timeoutMs: 30_000 });
        await devices.shows(orderId);
        await devices.unplug(device);
        await disconnected;
        giveUp.abort();
        const result = await paying;
        assert.equal(result.code, 'DEVICE_DISCONNECTED', result.error?.message);
        assert.deepEqual([result.outcome, result.pending], ['unknown', true]);
        await devices.tell(device, 'behave');
        const resolved = nextEvent(client, 'resolved');
        await devices.plug(device);
        assert.deepEqual([(await resolved).outcome, (await resolved).linkLive], ['executed', 'yes']);
        assert.equal(await devices.executions(device, orderId), 1);
      });
    }
    holdsNoMore();
  });

  test('while the POS writes a transfer that the device does not accept: the device executes nothing', async () => {
    for (let round = 0; round < rounds; round++) {
      await each(async ({ name, device, client, functionName }) => {
        const orderId = `WRITE-${name}-${round}`;
        await devices.tell(device, 'nak', { functionName });
        const waiting = devices.waiting(device);
        const disconnected = nextEvent(client, 'disconnected');
        const giveUp = new AbortController();
        const paying = client.pay({ paymentMethod, orderId }, { signal: giveUp.signal, timeoutMs: 30_000 });
        await waiting;
        await devices.unplug(device);
        await disconnected;
        giveUp.abort();
        const result = await paying;
        assert.deepEqual([result.code, result.outcome], ['DEVICE_DISCONNECTED', 'unknown'], result.error?.message);
        const resolved = nextEvent(client, 'resolved');
        await devices.plug(device);
        assert.equal((await resolved).outcome, 'not-executed');
        assert.equal(await devices.executions(device, orderId), 0);
        await pays(client, device, `PAID-${name}-${round}`);
      });
    }
    holdsNoMore();
  });

  test('while the POS writes to a device that is stopped: the result of the PAY is correct', async () => {
    for (let round = 0; round < frozenRounds; round++) {
      // From here on the device does nothing. The kernel ends the transfers that are in progress.
      devices.freeze();
      const doubts = await Promise.all(
        posPrograms.map(async ({ name, device, client }) => {
          const orderId = `ICE-${name}-${round}`;
          const disconnected = nextEvent(client, 'disconnected');
          const giveUp = new AbortController();
          const begun = new Promise<void>((resolve) => {
            setImmediate(resolve);
          });
          const options = { signal: giveUp.signal, timeoutMs: 30_000, onAttempt: () => begun };
          const paying = client.pay({ paymentMethod, orderId }, options);
          await begun;
          await devices.pullOff(device);
          await disconnected;
          giveUp.abort();
          const result = await paying;
          assert.equal(result.code, 'DEVICE_DISCONNECTED', `${orderId}: ${result.error?.message}`);
          const resolved = result.pending ? nextEvent(client, 'resolved') : undefined;
          return { name, orderId, device, client, result, resolved };
        }),
      );
      devices.thaw();
      await Promise.all(
        doubts.map(async ({ name, orderId, device, client, result, resolved }) => {
          await devices.plug(device);
          const { outcome } = (await resolved) ?? result;
          assert.notEqual(outcome, 'unknown');
          assert.equal(
            await devices.executions(device, orderId),
            outcome === 'executed' ? 1 : 0,
            `${orderId} ${outcome}`,
          );
          await pays(client, device, `AFTER-${name}-${round}`);
        }),
      );
    }
    holdsNoMore();
  });

  /** Checks that each POS has one open file, and that no file of an unplugged device is open. */
  function holdsNoMore(): void {
    const kinds = openFiles().flatMap((file) => /^\/dev\/(hidraw|ttyACM|bus)/.exec(file)?.[1] ?? []);
    assert.deepEqual(kinds.sort(), ['bus', 'hidraw', 'ttyACM']);
    assert.ok(
      openFiles().length <= held,
      `${openFiles().length} files are open, and were ${held}: ${openFiles().join(' ')}`,
    );
  }
});

async function pays(client: Client, device: string, orderId: string): Promise<void> {
  const { code, error } = await client.pay({ paymentMethod, orderId }, { timeoutMs: 30_000 });
  assert.equal(code, 'SUCCESS', error?.message);
  assert.equal(await devices.executions(device, orderId), 1);
}

/** Returns the names of the open files of this process. The name of a deleted file says that it is deleted. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`);
    } catch {
      return []; // this was the folder itself, which is closed already
    }
  });
}
