import type { NfcFaultName } from '@bluetap/emulator/commands';
import type { DeviceModel } from '../model/device-model.js';
import type { Actions } from './actions.js';

const FAULTS: readonly { readonly fault: NfcFaultName; readonly label: string }[] = [
  { fault: 'none', label: 'NFC works' },
  { fault: 'now', label: 'broken' },
  { fault: 'on-pay', label: 'breaks on PAY' },
  { fault: 'stuck', label: 'cannot go blank' },
];

/** Plugs the cable in, or unplugs it: the shortcut and the button do the same. */
export function togglePlug({ view }: DeviceModel, { run }: Actions): void {
  void run(view.snapshot.plugged ? 'unplug' : 'plug');
}

/** The cable, the power and the NFC part of a device. */
export function PowerControls({ device, actions }: { readonly device: DeviceModel; readonly actions: Actions }) {
  const { plugged, state } = device.view.snapshot;
  const { run } = actions;
  return (
    <>
      <p class={`cable${plugged ? '' : ' cut'}`}>{plugged ? 'Cable plugged in' : 'Cable unplugged'}</p>
      <div class="hands">
        <button type="button" onClick={() => togglePlug(device, actions)}>
          {plugged ? 'Unplug cable' : 'Plug cable in'} <kbd>U</kbd>
        </button>
        <button type="button" onClick={() => void run('power-cycle')}>
          Power cycle <kbd>C</kbd>
        </button>
        <button type="button" disabled={!plugged} onClick={() => void run('unplug', { power: 'lost' })}>
          Unplug cable and power
        </button>
        <button type="button" disabled={state !== 'ready'} onClick={() => void run('expire')}>
          Expire now
        </button>
      </div>
      <NfcPart device={device} actions={actions} />
    </>
  );
}

function NfcPart({ device, actions }: { readonly device: DeviceModel; readonly actions: Actions }) {
  return (
    <fieldset class="segments">
      <legend class="hidden">NFC part</legend>
      {FAULTS.map(({ fault, label }) => (
        <label key={fault}>
          <input
            type="radio"
            name={`nfc-${device.serialNumber}`}
            checked={device.view.nfcFault === fault}
            onChange={() => void actions.run('nfc-fault', { fault })}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
