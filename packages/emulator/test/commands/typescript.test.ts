import * as emulator from '@bluetap/emulator';
import { BEHAVIOURS, checkParameters, typescriptOf } from '@bluetap/emulator/commands';
import { expect, test } from 'vitest';

const functions: Readonly<Record<string, unknown>> = { ...emulator };

const row = (verb: string) => BEHAVIOURS.find((each) => each.verb === verb)!;

test.each<[string, Record<string, unknown>, string]>([
  ['silent', {}, 'emulator.use(silent());'],
  ['lose-replies', { type: 'PAY' }, "emulator.use(loseReplies(1, { type: 'PAY' }));"],
  ['delay-replies', { ms: 1500, type: 'STATUS' }, "emulator.use(delayReplies(1500, { type: 'STATUS' }));"],
  ['noise-before-replies', { noise: '00ff' }, 'emulator.use(noiseBeforeReplies(Uint8Array.of(0x00, 0xff)));'],
  [
    'unplug-after-executing',
    { power: 'lost' },
    "emulator.use(unplugAfterExecuting({ power: 'lost', times: 1, type: 'PAY' }));",
  ],
])('%s %j', (verb, given, line) => {
  const { parameters } = row(verb);
  expect(typescriptOf(row(verb), checkParameters(verb, parameters, given))).toBe(line);
});

test.each(BEHAVIOURS.map((each) => [each.verb, each] as const))('the line of %s runs', (verb, each) => {
  const needed = each.parameters.filter(({ required }) => required).map(({ name }) => [name, 7]);
  const line = typescriptOf(each, checkParameters(verb, each.parameters, Object.fromEntries(needed)));
  const used: unknown[] = [];
  const run = new Function('emulator', ...BEHAVIOURS.map(({ name }) => name), line);
  run({ use: (behaviour: unknown) => used.push(behaviour) }, ...BEHAVIOURS.map(({ name }) => functions[name]));
  expect(used).toMatchObject([{ name: each.name }]);
});
