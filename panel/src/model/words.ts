import type { DeviceView } from '@bluetap/emulator/commands';
import type { Reach } from './panel-input.js';

/** The state of a device in one or two words, for tabs and the title. */
export function deviceState({ snapshot }: DeviceView): string {
  if (!snapshot.plugged) return snapshot.state === 'ready' ? 'ready, unplugged' : 'unplugged';
  return snapshot.state;
}

/** The title of the document: it tells the state also if the page is in the background. */
export function titleText(reach: Reach, view: DeviceView | undefined): string {
  const name = 'BlueTap';
  if (reach.kind === 'lost') return `not reachable · ${name}`;
  if (reach.kind === 'refused') return `no access · ${name}`;
  return view ? `${view.snapshot.serialNumber} ${deviceState(view)} · ${name}` : `connecting · ${name}`;
}

/** What the device says on its display. */
export function displayText({ snapshot, nfcFault }: DeviceView): string {
  if (nfcFault === 'now') return 'The NFC part is broken';
  switch (snapshot.state) {
    case 'ready':
      return 'Ready: tap your phone';
    case 'expired':
      return 'Expired';
    case 'cancelled':
      return 'Cancelled';
    case 'idle':
      return 'No payment link';
  }
}

/** How often phones have read the payment link, in words. 255 means 255 or more. */
export function tapsText(taps: number): string {
  if (taps === 0) return 'not read yet';
  if (taps === 1) return 'read once';
  return taps === 255 ? 'read 255 times or more' : `read ${taps} times`;
}
