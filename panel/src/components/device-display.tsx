import type { DeviceModel } from '../model/device-model.js';
import { displayText, tapsText } from '../model/words.js';
import type { Actions } from './actions.js';
import { Countdown } from './countdown.js';
import { QrCode } from './qr-code.js';

/** The device as a shopper sees it, with a button in the place of a phone. */
export function DeviceDisplay({ device, actions }: { readonly device: DeviceModel; readonly actions: Actions }) {
  return (
    <div class="puck">
      <DeviceScreen device={device} />
      <button type="button" class="tap" onClick={() => void actions.run('tap')}>
        Tap a phone <kbd>T</kbd>
      </button>
    </div>
  );
}

/** What the device shows. */
export function DeviceScreen({ device }: { readonly device: DeviceModel }) {
  const { view } = device;
  const { state, amount, paymentMethod, orderId, uri, taps, plugged } = view.snapshot;
  const isReady = state === 'ready';
  return (
    <div class={`screen ${state}${view.nfcFault === 'now' ? ' broken' : ''}`}>
      <p class="state" role="status">
        <b>{displayText(view)}</b>
        {!plugged && <span>cable unplugged</span>}
      </p>
      {isReady && (
        <>
          <p class={`amount${(amount ?? '').length > 6 ? ' long' : ''}`}>{amount ?? 'no amount'}</p>
          <p class="wallet">
            {paymentMethod}
            {orderId !== undefined && `, order ${orderId}`}
          </p>
          {uri !== undefined && <QrCode text={uri} />}
          <Countdown device={device} />
        </>
      )}
      {!isReady && (
        <>
          <svg class="waves" viewBox="0 0 48 48" aria-hidden="true">
            <path d="M14 18a9 9 0 0 1 0 12M21 13a17 17 0 0 1 0 22M28 8a25 25 0 0 1 0 32" />
          </svg>
          <p class="wallet">
            {state === 'idle' ? 'A PAY shows one here' : `The last payment link was ${tapsText(taps)}`}
          </p>
        </>
      )}
    </div>
  );
}
