import type { DeviceView } from '@bluetap/emulator/commands';

/** What has happened since the device was made, or since its last reset. */
export function CountersCard({ counters }: { readonly counters: DeviceView['counters'] }) {
  const { paymentLinks, payFrames, repeats, taps } = counters;
  return (
    <section class="card" aria-labelledby="counters">
      <h2 id="counters">How often</h2>
      <ul class="counts">
        <li>
          <b>{paymentLinks}</b> <span>payment links: each could have been paid</span>
        </li>
        <li>
          <b>{payFrames}</b> <span>PAY frames</span>
        </li>
        <li>
          <b>{repeats}</b> <span>repeats, not executed</span>
        </li>
        <li>
          <b>{taps}</b> <span>taps</span>
        </li>
      </ul>
    </section>
  );
}
