import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { DeviceModel } from '../model/device-model.js';
import { LANGUAGES } from '../samples/samples.js';
import type { Actions } from './actions.js';

/** The steps that were done to the device, as code to copy. */
export function SamplesCard({
  device,
  actions,
  onForget,
}: {
  readonly device: DeviceModel;
  readonly actions: Actions;
  readonly onForget: () => void;
}) {
  const [id, setId] = useState('typescript');
  const language = LANGUAGES.find((each) => each.id === id)!;
  const { steps, serialNumber } = device;
  const box = useRef<HTMLElement>(null);
  // The newest step is at the end.
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [steps, id]);
  const code = language.code(steps, serialNumber);
  return (
    <section class="card samples" aria-labelledby="samples">
      <h2 id="samples">The same steps in your test</h2>
      <fieldset class="segments">
        <legend class="hidden">Language</legend>
        {LANGUAGES.map((each) => (
          <label key={each.id}>
            <input type="radio" name="language" checked={each.id === id} onChange={() => setId(each.id)} />
            <span>{each.label}</span>
          </label>
        ))}
      </fieldset>
      {steps.length === 0 ? (
        <p class="dim">Do something to the device, such as a tap: each step appears here as code.</p>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: code scrolls, and keys must be able to scroll it */}
          <section ref={box} class="code" tabIndex={0} aria-label={`Code in ${language.label}`}>
            <pre>{code}</pre>
          </section>
          <div class="chips">
            <button type="button" onClick={() => void actions.copy(code, `the code in ${language.label}`)}>
              Copy as {language.label}
            </button>
            <button type="button" onClick={onForget}>
              Start over
            </button>
          </div>
        </>
      )}
    </section>
  );
}
