import { useState } from 'preact/hooks';
import type { DeviceModel } from '../model/device-model.js';
import type { Store } from '../source/store.js';
import type { Actions } from './actions.js';
import { Dialog } from './dialog.js';

/** Brings the device to a known state, or to one that was copied before. */
export function StateTools({
  device,
  actions,
  store,
}: {
  readonly device: DeviceModel;
  readonly actions: Actions;
  readonly store: Store;
}) {
  const [isOpen, setOpen] = useState(false);
  const copyState = async () => {
    try {
      const state = await store.command(device.serialNumber, 'export-state');
      await actions.copy(JSON.stringify(state), 'the state');
    } catch (error) {
      actions.tell((error as Error).message, true);
    }
  };
  return (
    <div class="tools">
      <button type="button" onClick={() => void actions.run('reset')}>
        Reset
      </button>
      <button type="button" onClick={() => void copyState()}>
        Copy state
      </button>
      <button type="button" onClick={() => setOpen(true)}>
        Import state…
      </button>
      {isOpen && <ImportDialog actions={actions} onClose={() => setOpen(false)} />}
    </div>
  );
}

function ImportDialog({ actions, onClose }: { readonly actions: Actions; readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    let state: unknown;
    try {
      state = JSON.parse(text);
    } catch (error) {
      setProblem(`This is not JSON: ${(error as Error).message}`);
      return;
    }
    if (await actions.run('import-state', { state })) onClose();
    else setProblem('The device did not take this state. It has not changed.');
  };
  return (
    <Dialog title="Import state" kind="import" onClose={onClose}>
      <form class="form" onSubmit={(event) => void onSubmit(event)}>
        <div class="field">
          <label for="state">State, as “Copy state” gives it</label>
          <textarea
            id="state"
            rows={8}
            value={text}
            aria-invalid={problem !== undefined}
            aria-describedby="state-about"
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <p id="state-about" class={problem === undefined ? 'dim' : 'bad'}>
            {problem ?? 'Every connection closes, and the device continues with this state.'}
          </p>
        </div>
        <div class="chips">
          <button type="submit" class="primary">
            Import
          </button>
          <button type="button" onClick={onClose}>
            Close
          </button>
        </div>
      </form>
    </Dialog>
  );
}
