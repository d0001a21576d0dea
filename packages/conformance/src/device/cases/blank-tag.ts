import { hex } from '../probe/frames.js';
import { must } from '../probe/outcomes.js';
import type { Probe } from '../probe/probe.js';
import { isBlank } from '../probe/uri-record.js';

/** Lets a phone read the tag, on which nothing must stand. @throws Mismatch if something stood there. NotShown */
export async function readBlank(probe: Probe, when: string): Promise<void> {
  const { ndef } = await probe.act('tap');
  must(ndef === undefined || isBlank(ndef), `the tag held ${hex(ndef ?? [])} ${when}`, `a blank tag ${when}`);
}
