import type { SampleTarget, Step } from './samples.js';

/** The steps in Python, with its standard library alone. */
export function pythonSample(steps: readonly Step[], { base, serialNumber }: SampleTarget): string {
  const address = `${base}/v1/devices/${encodeURIComponent(serialNumber)}/`;
  const lines = steps.map(({ do: verb, parameters }) => {
    const values = Object.entries(parameters).map(([name, value]) => `, ${name}=${literal(value)}`);
    return `device(${JSON.stringify(verb)}${values.join('')})`;
  });
  return [
    'import json, os, urllib.request',
    '',
    'def device(verb, **parameters):',
    `    request = urllib.request.Request("${address}" + verb,`,
    '        json.dumps(parameters).encode(),',
    '        {"authorization": "Bearer " + os.environ["TOKEN"], "content-type": "application/json"})',
    '    with urllib.request.urlopen(request) as answer:',
    '        return json.load(answer)',
    '',
    ...lines,
  ].join('\n');
}

/** JSON that is Python too. */
function literal(value: unknown): string {
  if (typeof value === 'object') return `json.loads(${JSON.stringify(JSON.stringify(value))})`;
  return JSON.stringify(value);
}
