import type { Step } from './step.js';

/** The steps with the command line of this SDK. */
export function shellSample(steps: readonly Step[], serialNumber: string): string {
  const lines = steps.map(({ do: verb, parameters }) => {
    const values = Object.entries(parameters).map(([name, value]) => {
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      return ` ${quoted(`${name}=${text}`)}`;
    });
    return `bluetap device --device ${quoted(serialNumber)} ${verb}${values.join('')}`;
  });
  return ["export BLUETAP_CONTROL='http://127.0.0.1:4100/#token=...'", '', ...lines].join('\n');
}

/** A word of a shell. Quotes only what needs them. */
export function quoted(text: string): string {
  return /^[\w=./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
