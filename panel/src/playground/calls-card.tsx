import type { Attempt } from '@bluetap/sdk';
import { useEffect, useReducer } from 'preact/hooks';
import type { Actions } from '../components/actions.js';
import { useNow } from '../components/hooks.js';
import type { DeviceModel } from '../model/device-model.js';
import { clockText } from '../model/time-text.js';
import type { Pos } from './pos.js';
import type { CallEnd, CallEntry, PosEntry } from './pos-entry.js';
import { callLine, msText } from './timeline.js';

interface CallsCardProps {
  readonly pos: Pos;
  readonly device: DeviceModel;
  readonly actions: Actions;
}

/** What the SDK said: results and events, newest first, each call with its frames on a line. */
export function CallsCard({ pos, device, actions }: CallsCardProps) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => pos.subscribe(() => redraw(undefined)), [pos]);
  const { entries } = pos;
  return (
    <section class="card calls" aria-labelledby="calls">
      <div class="wire-head">
        <h2 id="calls">What the SDK says</h2>
        <button type="button" onClick={() => void actions.copy(codeText(entries), 'the calls as TypeScript')}>
          Copy as TypeScript
        </button>
        <button type="button" onClick={() => pos.clear()}>
          Clear
        </button>
      </div>
      {entries.length === 0 && <p class="dim">Press Pay: the result appears here.</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the list scrolls, and keys must be able to scroll it */}
      <ol aria-label="Calls and events, newest first" tabIndex={0}>
        {entries.map((entry) =>
          entry.kind === 'call' ? (
            <Call key={entry.key} entry={entry} device={device} onAsk={(attempt) => void pos.outcomeOf(attempt, {})} />
          ) : (
            <li key={entry.key} class="told">
              <span class="mono dim">{timeText(entry.start)}</span> <b>{entry.name}</b> {entry.text}
            </li>
          ),
        )}
      </ol>
    </section>
  );
}

function codeText(entries: readonly PosEntry[]): string {
  const calls = entries.flatMap((entry) => (entry.kind === 'call' ? [entry.code] : [])).reverse();
  return ["import { Client } from '@bluetap/sdk';", '', 'const client = new Client({ transport });', ...calls].join(
    '\n',
  );
}

function timeText(ms: number): string {
  return clockText(new Date(ms).toISOString());
}

function Call({
  entry,
  device,
  onAsk,
}: {
  readonly entry: CallEntry;
  readonly device: DeviceModel;
  readonly onAsk: (attempt: Attempt) => void;
}) {
  const { verb, start, end, resolved } = entry;
  const now = useNow(!end, 100);
  const { ms, ticks } = callLine(entry, device.rows, now);
  return (
    <li class="call">
      <p class="call-head">
        <span class="mono dim">{timeText(start)}</span>
        <b>{verb}()</b>
        <span class={`result ${toneOf(end)}`}>{end?.code ?? 'waits…'}</span>
        <span class="dim ms">{msText(ms)}</span>
      </p>
      <div
        class={`line ${end ? '' : 'open'}`}
        role="img"
        aria-label={ticks.length === 0 ? 'no frame went over the wire' : ticks.map(({ text }) => text).join('. ')}
      >
        {ticks.map(({ key, at, direction, stopped, text }) => (
          <i
            key={key}
            class={`${direction}${stopped ? ' stopped' : ''}`}
            title={text}
            style={{ left: `${at * 100}%` }}
          />
        ))}
      </div>
      <p class="facts">
        {end?.facts.map(({ name, value }) => (
          <span key={name} class={value === 'unknown' ? 'warn' : ''}>
            <i>{name}</i> {value}
          </span>
        ))}
      </p>
      {end?.message !== undefined && <p class="message">{end.message}</p>}
      {resolved && (
        <p class="good message">
          resolved later: outcome {resolved.outcome}, linkLive {resolved.linkLive}, taps {resolved.taps}
        </p>
      )}
      {end?.attempt && (
        <button type="button" onClick={() => onAsk(end.attempt!)}>
          outcomeOf(attempt)
        </button>
      )}
    </li>
  );
}

function toneOf(end: CallEnd | undefined): string {
  if (!end) return 'dim';
  return end.code === 'SUCCESS' || end.code === 'answer' ? 'good' : 'bad';
}
