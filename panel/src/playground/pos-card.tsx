import { encodeMessage, PaymentMethod } from '@bluetap/protocol';
import type { FieldError } from '@bluetap/sdk';
import { useState } from 'preact/hooks';
import type { Actions } from '../components/actions.js';
import { Boxes } from '../components/frame-bytes.js';
import type { DeviceModel } from '../model/device-model.js';
import type { Pos } from './pos.js';
import type { CallEnd } from './pos-entry.js';
import { FIRST_FORM, optionsOf, PAY_FIELDS, type PosForm, payCommandOf, problemOf } from './pos-form.js';

/** Faults that a person tries with one click: a behaviour, and then a PAY. */
const TRIALS = [
  { label: 'Pay, and lose the reply', verb: 'lose-replies', parameters: { type: 'PAY' } },
  { label: 'Pay, and cut the cable', verb: 'unplug-after-executing', parameters: {} },
  { label: 'Pay, and restart the device', verb: 'restart-after-executing', parameters: {} },
] as const;

interface PosCardProps {
  readonly pos: Pos;
  readonly device: DeviceModel;
  readonly actions: Actions;
}

/** A POS: a form for a PayCommand, its bytes, and the calls of the SDK. */
export function PosCard({ pos, device, actions }: PosCardProps) {
  const [form, setForm] = useState(FIRST_FORM);
  const [fields, setFields] = useState<readonly FieldError[]>([]);
  const [latest, setLatest] = useState<string>();
  const options = optionsOf(form);
  const told = (call: Promise<CallEnd>) => {
    setLatest('waits…');
    void call.then((end) => {
      setFields(end.fields);
      setLatest(summaryOf(end));
    });
  };
  const pay = () => told(pos.pay(payCommandOf(form), options));
  const change = (name: keyof PosForm, text: string) => {
    setForm({ ...form, [name]: text });
    setFields(fields.filter(({ field }) => field !== name));
  };
  return (
    <section class="card pos" aria-labelledby="pos">
      <h2 id="pos">POS: a client of the SDK in this page</h2>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          pay();
        }}
      >
        {PAY_FIELDS.map((field) => (
          <PosField key={field.name} {...field} form={form} fields={fields} onText={change} />
        ))}
        <PosField
          name="timeoutMs"
          label="timeoutMs"
          about="of each call; absent means 5000"
          form={form}
          fields={fields}
          onText={change}
        />
        <div class="chips">
          <button type="submit" class="primary">
            Pay
          </button>
          <button type="button" onClick={() => told(pos.cancel(form.orderId, options))}>
            Cancel
          </button>
          <button type="button" onClick={() => told(pos.status(options))}>
            Status
          </button>
        </div>
      </form>
      <div class="chips">
        {TRIALS.map(({ label, verb, parameters }) => (
          <button
            key={verb}
            type="button"
            onClick={() => void actions.run(verb, parameters).then((done) => done && pay())}
          >
            {label}
          </button>
        ))}
      </div>
      <p class="latest" role="status">
        {latest}
      </p>
      <Preview form={form} device={device} />
    </section>
  );
}

/** The end of a call in one line. */
function summaryOf({ code, facts }: CallEnd): string {
  const told = facts.slice(0, 3).map(({ name, value }) => `${name} ${value}`);
  return [code, ...told].join(', ');
}

interface PosFieldProps {
  readonly name: keyof PosForm;
  readonly label: string;
  readonly about: string;
  readonly form: PosForm;
  readonly fields: readonly FieldError[];
  readonly onText: (name: keyof PosForm, text: string) => void;
}

function PosField({ name, label, about, form, fields, onText }: PosFieldProps) {
  const id = `pos-${name}`;
  const problem = problemOf(fields, name);
  const isMethod = name === 'paymentMethod';
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        autoComplete="off"
        spellcheck={false}
        value={form[name]}
        list={isMethod ? 'methods' : undefined}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-about`}
        onInput={(event) => onText(name, event.currentTarget.value)}
      />
      {isMethod && (
        <datalist id="methods">
          {Object.values(PaymentMethod).map((method) => (
            <option key={method} value={method} />
          ))}
        </datalist>
      )}
      <p id={`${id}-about`} class={problem === undefined ? 'dim' : 'bad'}>
        {problem ?? about}
      </p>
    </div>
  );
}

/** The PAY of the form as bytes. Session and sequence are those that the next PAY has, if nothing comes between. */
function Preview({ form, device }: { readonly form: PosForm; readonly device: DeviceModel }) {
  const { session } = device.view;
  const last = device.rows.findLast(
    (row) => row.kind === 'frame' && row.direction === 'in' && row.session === session?.number,
  );
  const sequence = last?.kind === 'frame' ? (last.sequence + 1) % 256 : 1;
  const wire = wireOf(form, session?.number ?? 1, sequence);
  return (
    <details class="preview" open>
      <summary>This PAY as bytes{wire === undefined ? '' : `: ${wire.length / 2}`}</summary>
      {wire === undefined ? (
        <p class="dim">These values make no PAY. Press Pay: the SDK says why.</p>
      ) : (
        <Boxes wire={wire} original={undefined} />
      )}
    </details>
  );
}

function wireOf(form: PosForm, session: number, sequence: number): string | undefined {
  try {
    const bytes = encodeMessage({ type: 'PAY', session, sequence, ...payCommandOf(form) });
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  } catch {
    return undefined;
  }
}
