import { useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { areKeysOn } from './hooks.js';
import { keep } from './kept.js';

const KEYS = [
  ['T', 'tap a phone'],
  ['U', 'unplug the cable, or plug it in'],
  ['C', 'power cycle'],
  ['P', 'pause the list, or continue'],
  ['/', 'filter the list'],
  ['S', 'stage view: the device alone, on the full screen'],
  ['?', 'this help'],
  ['← →', 'another device, if its tab has the focus'],
  ['↑ ↓', 'another frame, if the list has the focus'],
] as const;

/** The keys of the page, and what its signs mean. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const [isOn, setOn] = useState(areKeysOn);
  return (
    <Dialog title="Help" kind="help" onClose={onClose}>
      <h2>Keys</h2>
      <dl>
        {KEYS.map(([key, meaning]) => (
          <>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => {
            setOn(event.currentTarget.checked);
            keep('keys', event.currentTarget.checked ? 'on' : 'off');
          }}
        />
        Single keys do something
      </label>
      <h2>The list</h2>
      <dl>
        <dt>→ ←</dt>
        <dd>a frame from the host, and a frame from the device</dd>
        <dt>
          <s>crossed out</s>
        </dt>
        <dd>a behaviour lost the frame: it did not arrive</dd>
        <dt class="good">repeat</dt>
        <dd>the host sent the same request again: the device answered it again, and did not execute it again</dd>
      </dl>
      <form method="dialog">
        <button type="submit" class="primary">
          Close
        </button>
      </form>
    </Dialog>
  );
}
