import type { DeviceModel } from '../model/device-model.js';
import { hex8 } from '../model/frame-row.js';
import { clockText } from '../model/time-text.js';

/** Who has the session, and what the device executed last. */
export function SessionCard({ device }: { readonly device: DeviceModel }) {
  const { session, lastCommand, connections, bootId } = device.view;
  const others = connections.filter((name) => name !== session?.connection);
  const since = device.sessionSince === undefined ? '' : `, since ${clockText(device.sessionSince).slice(0, 8)}`;
  return (
    <section class="card" aria-labelledby="session">
      <h2 id="session">Session</h2>
      <dl>
        <dt>Held by</dt>
        <dd>{session?.connection ?? 'nobody'}</dd>
        <dt>Session</dt>
        <dd class="mono">{session ? `${session.number}${since}` : 'none'}</dd>
        <dt>Last command</dt>
        <dd class="mono">{lastCommand ? `${lastCommand.session}/${lastCommand.sequence}` : 'none since the start'}</dd>
        <dt>Other connections</dt>
        <dd>{others.length === 0 ? 'none' : others.join(', ')}</dd>
        <dt>Boot id</dt>
        <dd class="mono">{hex8(bootId)}</dd>
      </dl>
    </section>
  );
}
