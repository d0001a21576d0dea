import { request } from 'node:http';
import { type ControlOptions, type ControlService, serveControl } from '@bluetap/control';
import { Emulator } from '@bluetap/emulator';
import { DeviceControl } from '@bluetap/emulator/commands';
import { onTestFinished } from 'vitest';

/** A control service with emulated devices, for one test. */
export async function service({
  serials = ['EMU-0001'],
  ...options
}: ControlOptions & { readonly serials?: readonly string[] } = {}): Promise<{
  control: ControlService;
  devices: readonly DeviceControl[];
}> {
  let control: ControlService | undefined;
  const devices = serials.map(
    (serialNumber) =>
      new DeviceControl(new Emulator({ serialNumber, onEvent: (event) => control?.event(event, serialNumber) })),
  );
  control = await serveControl(devices, options);
  onTestFinished(async () => {
    await control.close();
    for (const { emulator } of devices) await emulator.close();
  });
  return { control, devices };
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the tests are about what the JSON contains.
  readonly body: any;
  readonly headers: Headers;
}

/** Sends a request with the token. */
export async function ask(
  { origin, token }: ControlService,
  path: string,
  { headers, ...init }: RequestInit = {},
): Promise<Answer> {
  const response = await fetch(`${origin}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
}

/** Gives a command to a device. */
export function command(control: ControlService, verb: string, parameters: object = {}, serial = 'EMU-0001') {
  return ask(control, `/v1/devices/${serial}/${verb}`, { method: 'POST', body: JSON.stringify(parameters) });
}

/** Sends a request with headers that `fetch` does not let a program set, such as Host. Returns the status. */
export function statusOf(
  { origin, token }: ControlService,
  path: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${origin}${path}`, { method, headers: { authorization: `Bearer ${token}`, ...headers } });
    sent.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Reads the event stream. */
export async function events({ origin, token }: ControlService, since?: number, id?: string) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(`${origin}/v1/events${id === undefined ? '' : `?service=${id}`}`, {
    signal: abort.signal,
    headers: { authorization: `Bearer ${token}`, ...(since !== undefined && { 'last-event-id': String(since) }) },
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    response,
    stop: () => abort.abort(),
    /** The next event that `wanted` accepts. */
    // biome-ignore lint/suspicious/noExplicitAny: the tests are about what the JSON contains.
    async next(wanted: (event: any) => boolean = () => true): Promise<any> {
      for (;;) {
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (data === undefined) continue;
          const id = /^id: (\d+)$/m.exec(block)?.[1];
          const event = { ...JSON.parse(data), ...(id !== undefined && { streamId: Number(id) }) };
          if (wanted(event)) return event;
        }
        const { value, done } = await reader.read();
        if (done) throw new Error('the stream has ended');
        text += value;
      }
    },
  };
}
