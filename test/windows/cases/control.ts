import { request } from 'node:http';
import { json } from 'node:stream/consumers';

/**
 * Gives a command to the emulated device at Linux, as `bluetap device` does.
 * @returns The answer of the control service.
 */
export async function device(verb: string, parameters: object = {}): Promise<unknown> {
  const { origin, hash } = new URL(process.env['BLUETAP_TEST_CONTROL']!);
  const token = new URLSearchParams(hash.slice(1)).get('token');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return await new Promise((resolve, reject) => {
    const asked = request(`${origin}/v1/devices/EMU-0001/${verb}`, { method: 'POST', headers, agent: false });
    asked.on('response', (response) => {
      if (response.statusCode === 200) resolve(json(response));
      else reject(new Error(`${verb} was answered with ${response.statusCode}`));
    });
    asked.on('error', reject).end(JSON.stringify(parameters));
  });
}
