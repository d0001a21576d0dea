import type { Breach } from '../contract/breach.js';
import type { ToldFacts } from '../contract/facts.js';
import type { HostCall } from '../contract/host-call.js';
import type { StagedDevice } from '../device/staged-device.js';

const NOT_DONE: readonly unknown[] = ['not-sent', 'refused', 'not-executed'];

/**
 * Compares what the host says with the device's own log. A host may say that it does not know. It must not say what is
 * not true.
 */
export function judgeTruth(call: HostCall, facts: ToldFacts | undefined, device: StagedDevice): Breach[] {
  if (call.do !== 'pay') return [];
  const executed = device.executed.filter(({ command }) => command === 'PAY').length;
  const breaches: Breach[] = [];
  if (executed > 1) breaches.push({ rule: 'R-76', text: `made the device show the payment link ${executed} times` });
  if (!facts) return breaches;
  const { outcome, linkLive, code } = facts;
  const done = executed > 0;
  if (done && NOT_DONE.includes(outcome)) {
    breaches.push({ rule: 'R-84', text: `said ${outcome}, and the device has executed the PAY` });
  }
  if (!done && (outcome === 'executed' || code === 'SUCCESS')) {
    breaches.push({ rule: 'R-84', text: `said ${outcome ?? code}, and the device has not executed the PAY` });
  }
  const { snapshot } = device.emulator;
  const live = done && snapshot.state === 'ready' && snapshot.orderId === call.orderId;
  if (live && linkLive === 'no') {
    breaches.push({ rule: 'R-82', text: 'said that its payment link is not live, and a phone can read it' });
  }
  if (!live && linkLive === 'yes') {
    breaches.push({ rule: 'R-82', text: 'said that its payment link is live, and no phone can read it' });
  }
  return breaches;
}
