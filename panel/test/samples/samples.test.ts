import { Emulator, loseReplies, unplugAfterExecuting } from '@bluetap/emulator';
import { BEHAVIOURS, COMMANDS } from '@bluetap/emulator/commands';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/samples/samples.js';
import type { Step } from '../../src/samples/step.js';

const STEPS: readonly Step[] = [
  { do: 'lose-replies', parameters: { type: 'PAY' } },
  { do: 'unplug', parameters: { power: 'lost' } },
  { do: 'nfc-fault', parameters: { fault: 'on-pay' } },
];
const codeOf = (id: string, steps = STEPS) => LANGUAGES.find((each) => each.id === id)!.code(steps, 'EMU 1');

describe('TypeScript', () => {
  it('has the steps as calls, with every argument that a function needs', () => {
    expect(codeOf('typescript').split('\n')).toEqual([
      "import { Emulator, loseReplies } from '@bluetap/emulator';",
      '',
      'const emulator = new Emulator();',
      '// const client = new Client({ transport: emulator.transport() });',
      "emulator.use(loseReplies(1, { type: 'PAY' }));",
      "emulator.unplug({ power: 'lost' });",
      "emulator.nfcFault = 'on-pay';",
    ]);
  });

  it('has a line for each command that changes something', () => {
    const changing = COMMANDS.filter(({ reads }) => !reads);
    for (const { verb } of changing) {
      const needed = { ms: 1, reason: 6, bytes: 1, fault: 'now', behaviour: 1, state: {} };
      const row = BEHAVIOURS.find((each) => each.verb === verb);
      const parameters = row
        ? Object.fromEntries(
            Object.entries(needed).filter(([name]) => row.parameters.some((each) => each.name === name)),
          )
        : needed;
      expect(codeOf('typescript', [{ do: verb, parameters }])).not.toContain(`// ${verb}`);
    }
  });

  it('runs', () => {
    const lines = codeOf('typescript').split('\n').slice(4).join('\n');
    const emulator = new Emulator();
    new Function('emulator', 'loseReplies', 'unplugAfterExecuting', lines)(emulator, loseReplies, unplugAfterExecuting);
    expect(emulator.behaviours.map(({ behaviour }) => behaviour.name)).toEqual(['loseReplies']);
    expect(emulator).toMatchObject({ plugged: false, nfcFault: 'on-pay' });
  });
});

describe('the other languages', () => {
  it.each(LANGUAGES.filter(({ id }) => id !== 'typescript'))('$label has device, steps and no token', ({ code }) => {
    const text = code(STEPS, 'EMU 1');
    expect(text).toMatch(/EMU%201|'EMU 1'/);
    for (const { do: verb } of STEPS) expect(text).toContain(verb);
    expect(text).toContain('BLUETAP_CONTROL');
  });

  it('Shell gives parameters as words', () => {
    expect(codeOf('shell').split('\n').slice(2)).toEqual([
      "bluetap device --device 'EMU 1' lose-replies type=PAY",
      "bluetap device --device 'EMU 1' unplug power=lost",
      "bluetap device --device 'EMU 1' nfc-fault fault=on-pay",
    ]);
  });

  it('quote what a shell or a string would read in another way', () => {
    const odd = [{ do: 'import-state', parameters: { state: { text: 'it\'s "a"', none: null } } }];
    expect(codeOf('curl', odd)).toContain(
      String.raw`device import-state '{"state":{"text":"it'\''s \"a\"","none":null}}'`,
    );
    expect(codeOf('python', odd)).toContain(
      String.raw`device("import-state", state=json.loads("{\"text\":\"it's \\\"a\\\"\",\"none\":null}"))`,
    );
    expect(codeOf('csharp', odd)).toContain(
      String.raw`await Device("import-state", @"{""state"":{""text"":""it's \""a\"""",""none"":null}}");`,
    );
  });
});
