import { COMMANDS, type CommandRow, type Parameter } from '@bluetap/emulator/commands';
import { SCHEMAS } from './schemas.js';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const answer = (description: string, schema: object) => ({ description, ...json(schema) });

const SERIAL = {
  name: 'serial',
  in: 'path',
  required: true,
  description: 'The serial number of the device.',
  schema: { type: 'string' },
};

/** The answers that say what is wrong, by their status. */
const REFUSALS = {
  '400': answer('A parameter is unknown, missing or wrong.', ref('Error')),
  '401': answer('The token is missing or wrong.', ref('Error')),
  '404': answer('There is no such device, command or behaviour.', ref('Error')),
  '409': answer('The device was closed.', ref('Error')),
  '413': answer('The body is larger than 65536 bytes.', ref('Error')),
  '415': answer('The body is not application/json.', ref('Error')),
  '503': answer('Too many programs read the events.', ref('Error')),
};

const refused = (...statuses: readonly (keyof typeof REFUSALS)[]) =>
  Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/${status}` }]));

/** The description of the control service in OpenAPI 3.1, made from the table of commands. */
export function openApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'BlueTap control service',
      version: '1',
      summary: 'Steers emulated BlueTap devices.',
      description:
        'Everything here is simulated: nothing that a device shows can be paid. `bluetap emulate --json --control` serves it, and its line "ready" has the address with the token.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:{port}', variables: { port: { default: '4100' } } }],
    security: [{ token: [] }],
    paths: {
      '/v1': { get: operation('overview', 'The service and its devices.', ref('Overview'), refused('401')) },
      '/v1/events': { get: events() },
      '/v1/devices/{serial}': {
        parameters: [SERIAL],
        get: operation('device', 'Everything that can be seen of the device.', ref('Device'), refused('401', '404')),
      },
      ...Object.fromEntries(COMMANDS.map((row) => [`/v1/devices/{serial}/${row.verb}`, commandPath(row)])),
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: REFUSALS,
      schemas: SCHEMAS,
    },
  };
}

function operation(operationId: string, summary: string, schema: object, refusals: object): object {
  return { operationId, summary, responses: { '200': answer(summary, schema), ...refusals } };
}

function commandPath(row: CommandRow): object {
  const { verb, summary, parameters } = row;
  const schema = {
    type: 'object',
    properties: Object.fromEntries(parameters.map((each) => [each.name, parameterSchema(each)])),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
  return {
    parameters: [SERIAL],
    post: {
      ...operation(verb, summary, ref(row.answer), refused('400', '401', '404', '409', '413', '415')),
      requestBody: { required: parameters.some(({ required }) => required), ...json(schema) },
    },
  };
}

function parameterSchema({ type, minimum, maximum, choices, description, ...row }: Parameter): object {
  return {
    type: type === 'hex' ? 'string' : type,
    ...(type === 'hex' && { pattern: '^([0-9a-fA-F]{2})+$' }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(choices && { enum: choices }),
    ...(row.default !== undefined && { default: row.default }),
    description,
  };
}

function events(): object {
  const summary = 'What happens at the devices, as it happens.';
  return {
    operationId: 'events',
    summary,
    description:
      'A stream of server-sent events. The first is `devices`, with everything that can be seen. The recent events follow, and then the new ones. Each is JSON with `event`, `serialNumber` and `time`; docs/reference/control.md lists them.',
    parameters: [
      {
        name: 'last-event-id',
        in: 'header',
        description: 'The id of the last event that the reader has. It gets only newer ones.',
        schema: { type: 'integer', minimum: 0 },
      },
      {
        name: 'service',
        in: 'query',
        description:
          'The member `service` of the event `devices` to which last-event-id belongs. If another process answers, it tells all events that it still has.',
        schema: { type: 'string' },
      },
    ],
    responses: {
      '200': { description: summary, content: { 'text/event-stream': { schema: { type: 'string' } } } },
      ...refused('401', '503'),
    },
  };
}
