import type { DeviceModel } from '../model/device-model.js';
import { deviceState } from '../model/words.js';

/** One tab for each device. Arrow keys move among them. */
export function DeviceTabs({
  devices,
  selected,
  onSelect,
}: {
  readonly devices: readonly DeviceModel[];
  readonly selected: string;
  readonly onSelect: (serialNumber: string) => void;
}) {
  const onKeyDown = (event: KeyboardEvent) => {
    const at = devices.findIndex(({ serialNumber }) => serialNumber === selected);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: devices.length - 1 }[event.key];
    const next = to === undefined ? undefined : devices[(to + devices.length) % devices.length];
    if (!next) return;
    event.preventDefault();
    onSelect(next.serialNumber);
    document.getElementById(tabId(next.serialNumber))?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Devices" onKeyDown={onKeyDown}>
      {devices.map(({ serialNumber, view }) => {
        const state = deviceState(view);
        return (
          <button
            key={serialNumber}
            id={tabId(serialNumber)}
            type="button"
            role="tab"
            aria-selected={serialNumber === selected}
            aria-controls="device"
            tabIndex={serialNumber === selected ? 0 : -1}
            onClick={() => onSelect(serialNumber)}
          >
            <span class={`dot ${view.snapshot.plugged ? view.snapshot.state : 'off'}`} />
            {serialNumber} <span class={view.snapshot.state === 'ready' ? 'good' : 'dim'}>{state}</span>
          </button>
        );
      })}
    </div>
  );
}

/** The id of the tab of a device. */
export function tabId(serialNumber: string): string {
  return `tab-${serialNumber}`;
}
