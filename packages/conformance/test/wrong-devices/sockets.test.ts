// Wrong devices behind real sockets, in real time, several at the same time.

import { systemClock } from '@bluetap/transport';
import { socket } from '@bluetap/transport-socket';
import { describe, expect, it } from 'vitest';
import { type ConformanceReport, judgeDevice, type RuleId } from '../../src/index.js';
import { Device } from './device.js';
import { EXTRAS, failuresOf } from './judged.js';
import { listen } from './listen.js';
import { MISTAKES, type Mistake } from './mistakes/index.js';

/** They need no long wait, so that the whole test takes some seconds. */
const IN_REAL_TIME: readonly Mistake[] = [
  'a reply has no leading delimiter',
  'a frame of 129 bytes is read',
  'half a frame survives a silence',
  'the CRC is not checked',
  'critical tags are skipped',
  'replies are answered',
  'the type is checked before the version',
  'a PAY reply has no remaining',
  'an amount with two points is accepted',
  'a session is accepted through another connection',
  'a repeat gets reason 10',
  'a lower sequence is accepted',
  'a refused PAY changes the last command',
  'CANCEL ignores the order id',
  'each tap counts twice',
  'the tag is readable after CANCEL',
  'every LINK has the number 1',
];

/** The rules that the right device is judged by. */
const RULES_IN_REAL_TIME = MISTAKES.filter(([name]) => IN_REAL_TIME.includes(name)).map(([, rule]) => rule);

async function judgedOverSockets(mistake: Mistake | undefined, only: readonly RuleId[]): Promise<ConformanceReport> {
  const device = new Device({ clock: systemClock, mistake });
  const listening = await listen(device);
  try {
    const { declaration } = EXTRAS.hook;
    const transport = socket(listening.address);
    return await judgeDevice({
      transport,
      second: socket(listening.address),
      hook: device.hook,
      declaration,
      only,
    });
  } finally {
    await listening.close();
  }
}

describe('over TCP, in real time', { timeout: 60_000 }, () => {
  it('has 15 wrong devices or more', () => {
    expect(IN_REAL_TIME.length).toBeGreaterThanOrEqual(15);
  });

  for (const [mistake, rule] of MISTAKES.filter(([name]) => IN_REAL_TIME.includes(name))) {
    it.concurrent(`${rule}: ${mistake}`, async () => {
      const report = await judgedOverSockets(mistake, [rule]);
      const noticed = report.cases.some(({ verdict, rules }) => verdict === 'failed' && rules.includes(rule));
      expect(noticed, [`it ended "${report.ending}"`, ...failuresOf(report)].join('\n')).toBe(true);
    });
  }

  it.concurrent('the right device passes', async () => {
    const report = await judgedOverSockets(undefined, RULES_IN_REAL_TIME);
    expect(failuresOf(report)).toEqual([]);
    expect(report.ending).toBe('complete');
    expect(report.counts.proven).toBeGreaterThan(0);
  });
});
