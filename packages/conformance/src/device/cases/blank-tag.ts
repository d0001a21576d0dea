import { hex } from '../frames.js';
import { must } from '../outcomes.js';
import type { Probe } from '../probe.js';
import { isBlank } from '../uri-record.js';

/** Lets a phone read the tag, on which nothing must stand. @throws Mismatch if something stood there. NotShown */
export async function readBlank(probe: Probe, when: string): Promise<void> {
  const { ndef } = await probe.act('tap');
  must(ndef === undefined || isBlank(ndef), `the tag held ${hex(ndef ?? [])} ${when}`, `a blank tag ${when}`);
}
