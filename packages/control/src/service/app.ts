import {
  CommandError,
  type CommandErrorCode,
  type DeviceControl,
  perform,
  unknownDevice,
} from '@bluetap/emulator/commands';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { errorAnswer } from './error-answer.js';
import type { EventHub } from './event-hub.js';
import { eventStream } from './event-stream.js';
import { guard, requireToken } from './guard.js';
import { pageFile } from './page-files.js';

/** What the service tells about itself. */
export interface ServiceInfo {
  /** How hosts reach the devices: `tcp://127.0.0.1:4000`. */
  readonly addresses: readonly string[];
  /** True if chosen order ids decide what happens. */
  readonly triggers: boolean;
  /** True if a scenario runs. */
  readonly scenario: boolean;
}

/** What the routes work on. */
export interface AppSettings {
  readonly devices: readonly DeviceControl[];
  readonly hub: EventHub;
  readonly token: string;
  /** The names, besides IP addresses and localhost, by which the service is reached. */
  readonly hosts: readonly string[];
  /** The id of this service: another one for each process. */
  readonly service: string;
  readonly info: () => ServiceInfo;
}

/** More than any command needs. */
const MOST_BODY_BYTES = 65_536;

/** More readers than a test and a team of people have. */
const MOST_WATCHERS = 256;

const STATUS: Readonly<Record<CommandErrorCode, ContentfulStatusCode>> = {
  'not-a-command': 400,
  'unknown-parameter': 400,
  'missing-parameter': 400,
  'bad-parameter': 400,
  'unknown-verb': 404,
  'unknown-device': 404,
  'unknown-behaviour': 404,
  'device-closed': 409,
};

/** The routes of the service. openapi.json describes them. */
export function createApp(settings: AppSettings): Hono {
  const app = new Hono();
  app.use(guard(settings.hosts));
  app.use('/v1/*', requireToken(settings.token));
  app.use('/v1', requireToken(settings.token));
  app.get('/v1', (context) => context.json(overview(settings)));
  app.get('/v1/events', (context) => events(context, settings));
  app.get('/v1/devices/:serial', (context) => answer(context, settings, 'snapshot', {}));
  app.post('/v1/devices/:serial/:verb', bodyLimit({ maxSize: MOST_BODY_BYTES, onError: tooLarge }), (context) =>
    command(context, settings),
  );
  app.get('*', page);
  app.notFound((context) =>
    errorAnswer(context, 404, 'not-found', `there is no ${context.req.method} ${context.req.path}`),
  );
  app.onError((error, context) =>
    errorAnswer(context, 500, 'internal', `an error of the service itself: ${error.message}`),
  );
  return app;
}

function overview({ devices, info }: AppSettings): object {
  return { version: 1, devices: devices.map(({ view }) => view), ...info() };
}

function events(context: Context, { devices, hub, service, info }: AppSettings): Response {
  if (hub.watchers >= MOST_WATCHERS) {
    const message = `${MOST_WATCHERS} programs read the events already: close one of them`;
    return errorAnswer(context, 503, 'too-many-readers', message);
  }
  const { lastId } = hub;
  const views = devices.map(({ view }) => view);
  const first = { event: 'devices', service, lastId, version: 1, devices: views, ...info() };
  const last = Number(context.req.header('last-event-id') ?? Number.NaN);
  // Another process counts its events from 1 again, so a number of another process says nothing.
  const isOurs = (context.req.query('service') ?? service) === service && last <= lastId;
  const since = Number.isInteger(last) && isOurs ? last : 0;
  const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' };
  return context.body(eventStream(hub, first, since), 200, headers);
}

async function command(context: Context, settings: AppSettings): Promise<Response> {
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json(?:\s*;|$)/i.test(type)) {
    const message = `the content-type must be application/json, but is ${JSON.stringify(type)}`;
    return errorAnswer(context, 415, 'not-json', message);
  }
  const text = await context.req.text();
  let parameters: unknown;
  try {
    parameters = JSON.parse(text === '' ? '{}' : text);
  } catch (error) {
    return errorAnswer(context, 400, 'not-a-command', `the body is not JSON: ${(error as Error).message}`);
  }
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    return errorAnswer(context, 400, 'not-a-command', 'the body must be a JSON object with the parameters');
  }
  return answer(context, settings, context.req.param('verb') ?? '', parameters as Record<string, unknown>);
}

function answer(
  context: Context,
  { devices, hub }: AppSettings,
  verb: string,
  parameters: Readonly<Record<string, unknown>>,
): Response {
  const serial = context.req.param('serial');
  try {
    const device = devices.find(({ serialNumber }) => serialNumber === serial);
    if (!device) throw unknownDevice(serial, devices);
    const done = perform(device, verb, parameters);
    if (done.changes) {
      hub.add({ event: 'command', do: verb, parameters: done.parameters, by: 'http' }, device.serialNumber);
    }
    return context.json(done.answer);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { code, message, ...more } = error.toJSON();
    return errorAnswer(context, STATUS[code], code, message, more);
  }
}

function tooLarge(context: Context): Response {
  // The rest of the body is not read.
  context.header('connection', 'close');
  return errorAnswer(context, 413, 'too-large', `the body may have ${MOST_BODY_BYTES} bytes`);
}

async function page(context: Context): Promise<Response> {
  const file = await pageFile(context.req.path);
  if (!file) return context.notFound() as Response;
  return context.body(file.bytes, 200, { 'content-type': file.type });
}
