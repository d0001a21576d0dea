import type { DeviceModel } from '../model/device-model.js';
import { durationText, secondsLeft } from '../model/time-text.js';
import { tapsText } from '../model/words.js';
import { useNow } from './hooks.js';

/** How long the payment link stays live, as a bar and in words. */
export function Countdown({ device }: { readonly device: DeviceModel }) {
  const { deadline, lifetime = 0, view } = device;
  const now = useNow(deadline !== undefined, 250);
  if (deadline === undefined) return null;
  const left = secondsLeft(deadline, now);
  const part = lifetime === 0 ? 0 : Math.min(1, Math.max(0, (deadline - now) / (lifetime * 1000)));
  return (
    <div class="countdown">
      <div
        class="bar"
        role="progressbar"
        aria-label="Time left"
        aria-valuemin={0}
        aria-valuemax={lifetime}
        aria-valuenow={Math.min(left, lifetime)}
        aria-valuetext={`${durationText(left)} left`}
      >
        <i style={{ width: `${part * 100}%` }} />
      </div>
      <p class="small">
        <span>
          {durationText(left)} left of {durationText(lifetime)}
        </span>
        <span>{tapsText(view.snapshot.taps)}</span>
      </p>
    </div>
  );
}
