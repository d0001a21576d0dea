import type { Reach } from '../model/panel-input.js';
import { secondsLeft } from '../model/time-text.js';
import { useNow } from './hooks.js';

const WORDS: Readonly<Record<Reach['kind'], string>> = {
  connecting: 'connecting',
  live: 'live',
  lost: 'not reachable',
  refused: 'no access',
};

/** Whether the page reaches the emulator, in a word. */
export function ReachBadge({ reach }: { readonly reach: Reach }) {
  return (
    <span class={`reach ${reach.kind}`} role="status">
      <span class={`dot ${reach.kind === 'live' ? 'ready' : 'off'}`} /> {WORDS[reach.kind]}
    </span>
  );
}

/** What a person can do if the page does not reach the emulator. */
export function ReachBanner({ reach, onRetry }: { readonly reach: Reach; readonly onRetry: () => void }) {
  const now = useNow(reach.kind === 'lost', 500);
  if (reach.kind === 'refused') {
    return (
      <p class="banner bad" role="alert">
        {reach.message}
      </p>
    );
  }
  if (reach.kind !== 'lost') return null;
  return (
    <section class="banner bad" aria-label="Connection">
      <p role="alert">
        <b>The emulator is not reachable: start it again.</b> This page connects by itself. If the emulator prints a new
        address, open that.
      </p>
      <span>Next try in {secondsLeft(reach.retryAt, now)} s</span>
      <button type="button" onClick={onRetry}>
        Try now
      </button>
    </section>
  );
}
