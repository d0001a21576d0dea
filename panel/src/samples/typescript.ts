import { BEHAVIOURS, checkParameters, typescriptOf } from '@bluetap/emulator/commands';
import type { Step } from './step.js';

const CALLS: Readonly<Record<string, string>> = {
  tap: 'emulator.tap();',
  plug: 'emulator.plug();',
  'power-cycle': 'emulator.powerCycle();',
  expire: 'emulator.expire();',
  reset: 'emulator.reset();',
  'remove-behaviours': 'for (const { id } of emulator.behaviours) emulator.removeBehaviour(id);',
};

const FAULTS: Readonly<Record<string, string>> = { none: 'false', now: 'true', 'on-pay': "'on-pay'", stuck: "'stuck'" };

/** The steps with the emulator of this SDK, in the same process as the test. */
export function typescriptSample(steps: readonly Step[]): string {
  const lines = steps.map(lineOf);
  const names = steps.flatMap(({ do: verb }) => BEHAVIOURS.find((row) => row.verb === verb)?.name ?? []);
  const imports = [...new Set(['Emulator', ...names])].sort().join(', ');
  return [
    `import { ${imports} } from '@bluetap/emulator';`,
    '',
    'const emulator = new Emulator();',
    '// const client = new Client({ transport: emulator.transport() });',
    ...lines,
  ].join('\n');
}

function lineOf({ do: verb, parameters }: Step): string {
  const row = BEHAVIOURS.find((each) => each.verb === verb);
  // A command may leave defaults out, and a function may not.
  if (row) return typescriptOf(row, checkParameters(verb, row.parameters, parameters));
  if (verb === 'unplug') {
    const isLost = parameters['power'] === 'lost';
    return isLost ? "emulator.unplug({ power: 'lost' });" : 'emulator.unplug();';
  }
  if (verb === 'nfc-fault') return `emulator.nfcFault = ${FAULTS[String(parameters['fault'])]};`;
  if (verb === 'remove-behaviour') return `emulator.removeBehaviour(${parameters['behaviour']});`;
  if (verb === 'import-state') return 'emulator.importState(state);';
  return CALLS[verb] ?? `// ${verb}`;
}
