import { BEHAVIOURS, type BehaviourRow, checkParameters, type Parameter } from '@bluetap/emulator/commands';
import { REASONS } from '@bluetap/protocol/tools';
import { useState } from 'preact/hooks';
import { behaviourText } from '../model/behaviour-words.js';
import type { Actions } from './actions.js';

type Texts = Readonly<Record<string, string>>;

/** Adds any behaviour of the table. Its fields, rules and defaults come from the table. */
export function BehaviourForm({ actions }: { readonly actions: Actions }) {
  const [verb, setVerb] = useState('delay-replies');
  const [texts, setTexts] = useState<Texts>({});
  const [problem, setProblem] = useState<{ readonly parameter?: string | undefined; readonly message: string }>();
  const row = BEHAVIOURS.find((each) => each.verb === verb)!;
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    try {
      const values = checkParameters(row.verb, row.parameters, valuesOf(row, texts));
      setProblem(undefined);
      if (await actions.run(row.verb, values)) actions.tell(`Added: ${behaviourText(row.name, values)}`);
    } catch (error) {
      setProblem(error as Error & { parameter?: string | undefined });
    }
  };
  return (
    <form class="form" noValidate onSubmit={(event) => void onSubmit(event)}>
      <label>
        <span>What</span>
        <select
          value={verb}
          onChange={(event) => {
            setVerb(event.currentTarget.value);
            setProblem(undefined);
          }}
        >
          {BEHAVIOURS.map((each) => (
            <option key={each.verb} value={each.verb}>
              {behaviourText(each.name)}
            </option>
          ))}
        </select>
      </label>
      <p class="dim">{row.summary}</p>
      {row.parameters.map((parameter) => (
        <Field
          key={`${verb} ${parameter.name}`}
          parameter={parameter}
          text={texts[parameter.name] ?? String(parameter.default ?? '')}
          problem={problem?.parameter === parameter.name ? problem.message : undefined}
          onText={(text) => setTexts({ ...texts, [parameter.name]: text })}
        />
      ))}
      {problem && problem.parameter === undefined && <p class="bad">{problem.message}</p>}
      <button type="submit" class="primary">
        Add
      </button>
    </form>
  );
}

function valuesOf({ parameters }: BehaviourRow, texts: Texts): Readonly<Record<string, unknown>> {
  const entries = parameters.flatMap(({ name, type }) => {
    const text = texts[name];
    if (text === undefined || text === '') return [];
    return [[name, type === 'integer' ? Number(text) : text]];
  });
  return Object.fromEntries(entries);
}

interface FieldProps {
  readonly parameter: Parameter;
  readonly text: string;
  readonly problem: string | undefined;
  readonly onText: (text: string) => void;
}

function Field({ parameter, text, problem, onText }: FieldProps) {
  const { name, description, required } = parameter;
  const id = `parameter-${name}`;
  const shared = {
    id,
    'aria-describedby': `${id}-about`,
    'aria-invalid': problem !== undefined,
    'aria-required': required === true,
  };
  return (
    <div class="field">
      <label for={id}>
        {name}
        {required && ' (needed)'}
      </label>
      <Input parameter={parameter} text={text} onText={onText} shared={shared} />
      <p id={`${id}-about`} class={problem === undefined ? 'dim' : 'bad'}>
        {problem ?? description}
      </p>
    </div>
  );
}

function Input({ parameter, text, onText, shared }: Omit<FieldProps, 'problem'> & { readonly shared: object }) {
  const { name, type, choices, minimum, maximum, default: preset } = parameter;
  const options = name === 'reason' ? reasonOptions() : choices?.map((choice) => ({ value: choice, label: choice }));
  if (options) {
    return (
      <select {...shared} value={text} onChange={(event) => onText(event.currentTarget.value)}>
        {preset === undefined && <option value="">{name === 'reason' ? 'choose a reason' : 'any'}</option>}
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  const rule =
    type === 'integer' ? ({ type: 'number', min: minimum, max: maximum } as const) : ({ type: 'text' } as const);
  return (
    <input
      {...shared}
      {...rule}
      value={text}
      placeholder={preset === undefined && name === 'times' ? 'always' : ''}
      onInput={(event) => onText(event.currentTarget.value)}
    />
  );
}

function reasonOptions(): { readonly value: string; readonly label: string }[] {
  return REASONS.map(({ number, text }) => ({ value: String(number), label: `${number}: ${text}` }));
}
