import type { Step } from './step.js';

/** The steps in Python, with its standard library alone. */
export function pythonSample(steps: readonly Step[], serialNumber: string): string {
  const lines = steps.map(({ do: verb, parameters }) => {
    const values = Object.entries(parameters).map(([name, value]) => `, ${name}=${literal(value)}`);
    return `device(${JSON.stringify(verb)}${values.join('')})`;
  });
  return [
    'import json, os, urllib.request',
    '',
    'origin, _, token = os.environ["BLUETAP_CONTROL"].partition("/#token=")',
    '',
    'def device(verb, **parameters):',
    '    headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}',
    `    url = origin + "/v1/devices/${encodeURIComponent(serialNumber)}/" + verb`,
    '    request = urllib.request.Request(url, json.dumps(parameters).encode(), headers)',
    '    with urllib.request.urlopen(request) as answer:',
    '        return json.load(answer)',
    '',
    ...lines,
  ].join('\n');
}

/** A value that Python reads: a number or a string of JSON is one. */
function literal(value: unknown): string {
  if (typeof value === 'object') return `json.loads(${JSON.stringify(JSON.stringify(value))})`;
  return JSON.stringify(value);
}
