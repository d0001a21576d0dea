import type { BehaviourView } from '@bluetap/emulator/commands';
import { useState } from 'preact/hooks';
import { behaviourScope, behaviourText, PRESETS } from '../model/behaviour-words.js';
import type { DeviceModel } from '../model/device-model.js';
import { clockText } from '../model/time-text.js';
import type { Actions } from './actions.js';
import { BehaviourForm } from './behaviour-form.js';

/** What goes wrong next: the behaviours of the device. */
export function BehavioursCard({ device, actions }: { readonly device: DeviceModel; readonly actions: Actions }) {
  const [isOpen, setOpen] = useState(false);
  const armed = device.view.behaviours.filter(({ left }) => left !== 0);
  return (
    <section class="card" aria-labelledby="behaviours">
      <h2 id="behaviours">What goes wrong next</h2>
      {armed.length === 0 && device.spent.length === 0 && <p class="dim">Nothing: the device does what it should.</p>}
      <ul class="behaviours">
        {armed.map((each) => (
          <Armed key={each.behaviour} behaviour={each} actions={actions} />
        ))}
        {device.spent.map(({ behaviour, time }) => (
          <li key={behaviour.behaviour} class="done">
            {behaviourText(behaviour.name, parametersOf(behaviour, device))}
            <span class="left">done at {clockText(time).slice(0, 8)}</span>
          </li>
        ))}
      </ul>
      <div class="chips">
        {PRESETS.map(({ verb, name, parameters }) => (
          <button key={verb} type="button" onClick={() => void actions.run(verb, parameters)}>
            {behaviourText(name)}
          </button>
        ))}
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          More…
        </button>
        {armed.length > 1 && (
          <button type="button" onClick={() => void actions.run('remove-behaviours')}>
            Remove all
          </button>
        )}
      </div>
      {isOpen && <BehaviourForm actions={actions} />}
    </section>
  );
}

/** An event tells no parameters, but a view does. */
function parametersOf({ behaviour, parameters }: BehaviourView, { view }: DeviceModel): BehaviourView['parameters'] {
  return parameters ?? view.behaviours.find((each) => each.behaviour === behaviour)?.parameters;
}

function Armed({ behaviour, actions }: { readonly behaviour: BehaviourView; readonly actions: Actions }) {
  const text = behaviourText(behaviour.name, behaviour.parameters);
  return (
    <li>
      {text}
      <span class="left">{behaviourScope(behaviour)}</span>
      <button
        type="button"
        class="remove"
        aria-label={`Remove: ${text}`}
        onClick={() => void actions.run('remove-behaviour', { behaviour: behaviour.behaviour })}
      >
        ×
      </button>
    </li>
  );
}
