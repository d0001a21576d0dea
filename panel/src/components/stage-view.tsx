import { useEffect, useRef } from 'preact/hooks';
import type { DeviceModel } from '../model/device-model.js';
import type { Actions } from './actions.js';
import { DeviceDisplay } from './device-display.js';
import { Dialog } from './dialog.js';

/** Only the device, on the full screen, for people who watch. */
export function StageView({
  device,
  actions,
  onClose,
}: {
  readonly device: DeviceModel;
  readonly actions: Actions;
  readonly onClose: () => void;
}) {
  const wasFull = useRef(false);
  useEffect(() => {
    // A browser can refuse the full screen. Then the dialog fills the window.
    document.documentElement.requestFullscreen?.().catch(() => {});
    const onChange = () => {
      const isFull = document.fullscreenElement !== null;
      // The first Escape ends only the full screen. It must also end the stage view.
      if (wasFull.current && !isFull) onClose();
      wasFull.current = isFull;
    };
    document.addEventListener('fullscreenchange', onChange);
    return () => {
      document.removeEventListener('fullscreenchange', onChange);
      if (document.fullscreenElement) void document.exitFullscreen().catch(() => {});
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() === 't' && !event.repeat) void actions.run('tap');
  };
  return (
    <Dialog title={`${device.serialNumber}, stage view`} kind="stage" onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of the whole dialog */}
      <div class="stage-inside" onKeyDown={onKeyDown}>
        <p class="stage-head">
          <span class="sim">Simulated: nothing shown here can be paid</span>
          <span>{device.serialNumber}</span>
          <button type="button" onClick={onClose}>
            Close <kbd>Esc</kbd>
          </button>
        </p>
        <DeviceDisplay device={device} actions={actions} />
      </div>
    </Dialog>
  );
}
