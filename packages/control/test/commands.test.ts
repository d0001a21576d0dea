import { readFileSync } from 'node:fs';
import { BEHAVIOURS, COMMANDS } from '@bluetap/emulator/commands';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import document from '../openapi.json' with { type: 'json' };
import { openApiDocument } from '../src/openapi/document.js';
import { type ApiDocument, referenceTables } from '../src/openapi/reference.js';
import { ask, command, service } from './service.js';

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(document, 'api');

/** Why a value has not the shape that openapi.json says; empty if it has. */
function problems(shape: string, value: unknown): readonly unknown[] {
  const validate = ajv.getSchema(`api#/components/schemas/${shape}`);
  if (!validate) throw new Error(`openapi.json has no ${shape}`);
  validate(value);
  return validate.errors ?? [];
}

test('openapi.json is made from the table of commands: node packages/control/dist/openapi/write.js', () => {
  expect(document).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
});

test('openapi.json describes each command', () => {
  const paths = Object.keys(document.paths);
  expect(paths.slice(3)).toEqual(COMMANDS.map(({ verb }) => `/v1/devices/{serial}/${verb}`));
});

const GOOD: Readonly<Record<string, object>> = {
  'nfc-fault': { fault: 'on-pay' },
  'delay-replies': { ms: 5 },
  refuse: { reason: 6 },
  'cut-after': { bytes: 4 },
  'remove-behaviour': { behaviour: 1 },
};

describe('every command answers in the shape that openapi.json says', () => {
  test.each(COMMANDS.map((row) => [row.verb, row.answer] as const))('%s', async (verb, answer) => {
    const { control } = await service();
    await command(control, 'silent');
    const { body: state } = await command(control, 'export-state');
    const { status, body } = await command(control, verb, verb === 'import-state' ? { state } : GOOD[verb]);
    expect([status, body]).toEqual([200, expect.anything()]);
    expect(problems(answer, body)).toEqual([]);
  });

  test('with a payment link, a session and a last command too', async () => {
    const { control, devices } = await service();
    const { emulator } = devices[0]!;
    const at = { state: 'ready', taps: 2, remainingMs: 5000, expiryTime: 60 } as const;
    const paymentLink = { paymentMethod: 'ALIPAY_CN', amount: '1.50', orderId: 'A', ...at } as const;
    emulator.importState({ ...emulator.exportState(), lastCommand: { session: 1, sequence: 2 }, paymentLink });
    const { body } = await ask(control, '/v1/devices/EMU-0001');
    expect(problems('Device', body)).toEqual([]);
    expect(body).toMatchObject({ snapshot: { state: 'ready', orderId: 'A' }, lastCommand: { session: 1 } });
    expect(problems('TapAnswer', (await command(control, 'tap')).body)).toEqual([]);
    expect(problems('State', (await command(control, 'export-state')).body)).toEqual([]);
    const overview = await ask(control, '/v1');
    expect(problems('Overview', overview.body)).toEqual([]);
    expect(problems('Device', {})).not.toEqual([]);
  });
});

test.each(BEHAVIOURS.map(({ verb }) => verb))('%s is listed, and can be removed', async (verb) => {
  const { control } = await service();
  const { body } = await command(control, verb, GOOD[verb]);
  expect((await command(control, 'behaviours')).body.behaviours).toEqual([body]);
  expect((await command(control, 'remove-behaviour', { behaviour: body.behaviour })).body).toEqual({ behaviours: [] });
});

test.each<[string, string, object, number, object]>([
  ['EMU-0001', 'fly', {}, 404, { code: 'unknown-verb', allowed: expect.arrayContaining(['tap', 'lose-replies']) }],
  ['EMU-0002', 'tap', {}, 404, { code: 'unknown-device', allowed: ['EMU-0001'] }],
  ['EMU-0001', 'unplug', { poer: 1 }, 400, { code: 'unknown-parameter', parameter: 'poer', allowed: ['power'] }],
  ['EMU-0001', 'unplug', { power: 'off' }, 400, { code: 'bad-parameter', allowed: ['kept', 'lost'] }],
  ['EMU-0001', 'refuse', {}, 400, { code: 'missing-parameter', parameter: 'reason' }],
  ['EMU-0001', 'remove-behaviour', { behaviour: 9 }, 404, { code: 'unknown-behaviour' }],
  ['EMU-0001', 'import-state', { state: {} }, 400, { code: 'bad-parameter', parameter: 'state' }],
])('%s/%s %j is refused, and what is right is named', async (serial, verb, parameters, status, error) => {
  const { control } = await service();
  const answer = await command(control, verb, parameters, serial);
  expect(answer).toMatchObject({ status, body: { error } });
  expect(problems('Error', answer.body)).toEqual([]);
});

test('several devices: each has its own address', async () => {
  const { control } = await service({ serials: ['A', 'B 1/2'] });
  await command(control, 'unplug', {}, encodeURIComponent('B 1/2'));
  const { body } = await ask(control, '/v1');
  expect(body.devices.map(({ snapshot }: { snapshot: object }) => snapshot)).toMatchObject([
    { serialNumber: 'A', plugged: true },
    { serialNumber: 'B 1/2', plugged: false },
  ]);
});

test('a device that was closed says so', async () => {
  const { control, devices } = await service();
  await devices[0]!.emulator.close();
  expect(await command(control, 'tap')).toMatchObject({ status: 409, body: { error: { code: 'device-closed' } } });
});

test('a path or a method that does not exist', async () => {
  const { control } = await service();
  expect(await ask(control, '/v2')).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } });
  expect(await ask(control, '/v1/devices/EMU-0001/tap')).toMatchObject({ status: 404 });
});

test('a port that is in use is an error of Node', async () => {
  const { control } = await service();
  const port = Number(new URL(control.origin).port);
  await expect(service({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('docs/reference/control.md has every event and every effect', () => {
  const page = readFileSync(new URL('../../../docs/reference/control.md', import.meta.url), 'utf8');
  const rows = page.split('## Events')[1]!.split('## Scenarios')[0]!;
  const source = readFileSync(new URL('../../emulator/src/contract/events.ts', import.meta.url), 'utf8');
  const declared = source.slice(source.indexOf('export type EmulatorEvent ='));
  const names = [...declared.matchAll(/readonly event: ([^;]+);/g)].flatMap(
    ([, each]) => each!.match(/(?<=')[a-z]+/g)!,
  );
  expect(names.length).toBeGreaterThan(12);
  for (const name of [...names, 'command', 'skipped'])
    expect(rows).toMatch(new RegExp(`^\\|[^|]*\`${name}\`[^|]*\\|`, 'm'));
  const [, effects = ''] = /^export type BehaviourEffect = (.*);$/m.exec(source) ?? [];
  const words = effects.match(/[a-z]+/g) ?? [];
  expect(words).toHaveLength(7);
  for (const effect of words) expect(rows).toContain(`\`${effect}\``);
});

test('docs/reference/control.md has the tables of openapi.json: node packages/control/dist/openapi/write.js', () => {
  const page = readFileSync(new URL('../../../docs/reference/control.md', import.meta.url), 'utf8');
  for (const [name, text] of Object.entries(referenceTables(openApiDocument() as ApiDocument))) {
    expect(page).toContain(`<!-- made from openapi.json: ${name} -->\n\n${text}\n\n<!-- end -->`);
  }
});
