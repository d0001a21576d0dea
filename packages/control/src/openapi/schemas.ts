import { NFC_FAULTS } from '@bluetap/emulator/commands';

/** The shapes of the answers, in JSON Schema. */

const text = { type: 'string' } as const;
const whole = { type: 'integer', minimum: 0 } as const;
const nullable = (schema: object) => ({ oneOf: [schema, { type: 'null' }] });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** An object with exactly these properties. A name that ends with `?` is optional. */
function object(description: string, properties: Readonly<Record<string, object>>): object {
  const entries = Object.entries(properties);
  return {
    type: 'object',
    description,
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace('?', ''), schema])),
    required: entries.map(([name]) => name).filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

const COMMAND_ID = object('The session and the sequence of a command.', { session: whole, sequence: whole });

const PAYMENT_LINK = {
  paymentMethod: { ...text, description: 'The wallet.' },
  'amount?': { ...text, description: 'The amount; absent if the PAY had none.' },
  'orderId?': { ...text, description: 'The order id; absent if the PAY had none.' },
} as const;

const LINK_STATE = { ...text, enum: ['idle', 'ready', 'expired', 'cancelled'] } as const;
const TAPS = {
  ...whole,
  maximum: 255,
  description: 'How often phones have read the payment link. 255 means 255 or more.',
};
const FAULT = { ...text, enum: [...NFC_FAULTS], description: 'The state of the NFC part.' };

/** Every shape by its name. */
export const SCHEMAS: Readonly<Record<string, object>> = {
  Snapshot: object('What the device shows. The last fields are present only while the state is ready.', {
    simulated: { const: true },
    serialNumber: text,
    plugged: { type: 'boolean' },
    state: LINK_STATE,
    taps: TAPS,
    'remaining?': { ...whole, description: 'Seconds until the payment link expires.' },
    'paymentMethod?': PAYMENT_LINK.paymentMethod,
    'amount?': PAYMENT_LINK['amount?'],
    'orderId?': PAYMENT_LINK['orderId?'],
    'uri?': { ...text, description: 'The URI that a phone opens.' },
  }),
  Device: object('Everything that can be seen of a device.', {
    snapshot: ref('Snapshot'),
    bootId: { ...whole, description: "The number of the device's start." },
    session: nullable(object('The open session and the connection that owns it.', { number: whole, connection: text })),
    lastCommand: nullable(COMMAND_ID),
    nfcFault: FAULT,
    connections: { type: 'array', items: text, description: 'The names of the open connections, oldest first.' },
    behaviours: { type: 'array', items: ref('Behaviour'), description: 'What goes wrong next, newest first.' },
    counters: ref('Counters'),
  }),
  Counters: object('How often things have happened since the device was made, or since its last reset.', {
    paymentLinks: { ...whole, description: 'Payment links that the device has shown. Each could have been paid.' },
    payFrames: { ...whole, description: 'PAY frames from hosts, repeats and refused ones included.' },
    repeats: { ...whole, description: 'Requests that were answered again and not executed again.' },
    taps: { ...whole, description: 'Taps of phones that read a payment link.' },
  }),
  Behaviour: object('A behaviour that is used now.', {
    behaviour: { ...whole, description: 'Its number, for remove-behaviour.' },
    name: { ...text, description: "The name of its function, or the label of a program's own behaviour." },
    'verb?': { ...text, description: "The command that adds it; absent for a program's own behaviour." },
    'parameters?': { type: 'object', description: 'The parameters of that command.' },
    'left?': { ...whole, description: 'The number of messages on which it will still act; absent without a limit.' },
  }),
  Behaviours: object('What goes wrong next, newest first.', {
    behaviours: { type: 'array', items: ref('Behaviour') },
  }),
  TapAnswer: object('What the phone has read. Without a live payment link, read is false and the rest is absent.', {
    read: { type: 'boolean' },
    'paymentMethod?': PAYMENT_LINK.paymentMethod,
    'amount?': PAYMENT_LINK['amount?'],
    'orderId?': PAYMENT_LINK['orderId?'],
    'expiryTime?': { ...whole, description: 'The whole lifetime of the payment link in seconds.' },
    'uri?': text,
    'taps?': TAPS,
    'ndef?': { ...text, description: 'The NDEF message on the tag, as hex.' },
  }),
  ExpireAnswer: object('Whether a payment link was live.', { expired: { type: 'boolean' } }),
  State: object('The state of a device, for import-state.', {
    format: { const: 1 },
    plugged: { type: 'boolean' },
    nfcFault: { enum: [true, false, 'on-pay', 'stuck'] },
    bootId: whole,
    sessionNumber: whole,
    lastCommand: nullable(COMMAND_ID),
    paymentLink: nullable(
      object('The current or last payment link.', {
        ...PAYMENT_LINK,
        expiryTime: { ...whole, description: 'Seconds.' },
        state: LINK_STATE,
        taps: TAPS,
        remainingMs: { ...whole, description: 'Milliseconds until it expires; 0 if it is not live.' },
      }),
    ),
    behaviours: {
      type: 'array',
      items: object('A behaviour, oldest first.', { verb: text, parameters: { type: 'object' } }),
    },
  }),
  Overview: object('The service and its devices.', {
    version: { const: 1 },
    devices: { type: 'array', items: ref('Device') },
    addresses: { type: 'array', items: text, description: 'How hosts reach the devices.' },
    triggers: { type: 'boolean', description: 'True if chosen order ids decide what happens.' },
    scenario: { type: 'boolean', description: 'True if a scenario runs.' },
  }),
  Error: object('Why a request was refused. Nothing was done.', {
    error: object('The error.', {
      code: { ...text, description: 'The reason, for programs.' },
      message: { ...text, description: 'What is wrong and what is right, for people.' },
      'parameter?': { ...text, description: 'The parameter that is wrong.' },
      'allowed?': { type: 'array', items: text, description: 'What is allowed in its place.' },
    }),
  }),
};
