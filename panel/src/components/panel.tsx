import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DeviceModel } from '../model/device-model.js';
import { titleText } from '../model/words.js';
import type { Store } from '../source/store.js';
import { type Actions, createActions } from './actions.js';
import { BehavioursCard } from './behaviours-card.js';
import { CountersCard } from './counters-card.js';
import { DeviceDisplay } from './device-display.js';
import { DeviceTabs, tabId } from './device-tabs.js';
import { HelpDialog } from './help-dialog.js';
import { useShortcuts, useStore } from './hooks.js';
import { PageHeader } from './page-header.js';
import { PowerControls, togglePlug } from './power-controls.js';
import { ReachBanner } from './reach-view.js';
import { SamplesCard } from './samples-card.js';
import { SessionCard } from './session-card.js';
import { StageView } from './stage-view.js';
import { StateTools } from './state-tools.js';
import { WireCard } from './wire-card.js';

/** Makes a part that only some pages have. */
type Slot = (device: DeviceModel, actions: Actions) => ComponentChildren;

interface PanelProps {
  readonly title: string;
  readonly store: Store;
  /** A column before the others. */
  readonly before?: Slot | undefined;
  /** Something above the list of frames. */
  readonly aboveWire?: Slot | undefined;
}

/** The page: all devices, and everything about the chosen device. */
export function Panel({ title, store, before, aboveWire }: PanelProps) {
  const state = useStore(store);
  const [chosen, setChosen] = useState<string>();
  const [open, setOpen] = useState<'stage' | 'help'>();
  const [said, tell] = useToast();
  const device = state.devices.find(({ serialNumber }) => serialNumber === chosen) ?? state.devices[0];
  const actions = createActions(store, device?.serialNumber ?? '', tell);
  useEffect(() => {
    document.title = titleText(state.reach, device?.view);
  });
  const onDevice = (act: (device: DeviceModel) => void) => () => device && act(device);
  useShortcuts({
    t: onDevice(() => void actions.run('tap')),
    u: onDevice((each) => togglePlug(each, actions)),
    c: onDevice(() => void actions.run('power-cycle')),
    s: onDevice(() => setOpen('stage')),
    '?': () => setOpen('help'),
  });
  const close = () => setOpen(undefined);
  return (
    <>
      <PageHeader title={title} state={state} onStage={() => setOpen('stage')} onHelp={() => setOpen('help')} />
      <ReachBanner reach={state.reach} onRetry={() => store.source.retry()} />
      {state.devices.length > 0 && (
        <nav class="devices" aria-label="Devices">
          <DeviceTabs devices={state.devices} selected={device!.serialNumber} onSelect={setChosen} />
        </nav>
      )}
      <main>
        {device ? (
          <div
            key={device.serialNumber}
            id="device"
            role="tabpanel"
            aria-labelledby={tabId(device.serialNumber)}
            class={`columns${before ? ' with-pos' : ''}`}
          >
            {before?.(device, actions)}
            <DeviceColumns device={device} actions={actions} store={store} />
            <div class="stack wire-column">
              {aboveWire?.(device, actions)}
              <WireCard device={device} actions={actions} onMark={() => store.mark(device.serialNumber)} />
            </div>
          </div>
        ) : (
          <p class="nothing dim">{state.reach.kind === 'connecting' ? 'Connecting…' : 'No device.'}</p>
        )}
      </main>
      <p class={`toast${said ? ' on' : ''}${said?.isBad ? ' bad' : ''}`} role="status">
        {said?.text}
      </p>
      {open === 'stage' && device && <StageView device={device} actions={actions} onClose={close} />}
      {open === 'help' && <HelpDialog onClose={close} />}
    </>
  );
}

interface ColumnsProps {
  readonly device: DeviceModel;
  readonly actions: Actions;
  readonly store: Store;
}

function DeviceColumns({ device, actions, store }: ColumnsProps) {
  const { serialNumber } = device;
  return (
    <>
      <section class="stack device" aria-label="Device">
        <DeviceDisplay device={device} actions={actions} />
        {device.view.snapshot.uri !== undefined && (
          <p class="uri">
            A real phone can open the QR code. It leads to <code>{device.view.snapshot.uri}</code>
          </p>
        )}
        <PowerControls device={device} actions={actions} />
        <StateTools device={device} actions={actions} store={store} />
      </section>
      <section class="stack cards" aria-label="State and faults">
        <CountersCard counters={device.view.counters} />
        <SessionCard device={device} />
        <BehavioursCard device={device} actions={actions} />
        <SamplesCard device={device} actions={actions} onForget={() => store.forgetSteps(serialNumber)} />
      </section>
    </>
  );
}

interface Toast {
  readonly text: string;
  readonly isBad: boolean;
}

/** Shows a text for some time. Errors stay longer. */
function useToast(): [Toast | undefined, Actions['tell']] {
  const [toast, setToast] = useState<Toast>();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const tell = (text: string, isBad = false) => {
    clearTimeout(timer.current);
    setToast({ text, isBad });
    timer.current = setTimeout(() => setToast(undefined), isBad ? 8000 : 2500);
  };
  return [toast, tell];
}
