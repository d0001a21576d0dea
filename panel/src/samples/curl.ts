import type { SampleTarget, Step } from './samples.js';

/** The steps as commands of a shell. The token comes from an environment variable, so that nobody copies it by mistake. */
export function curlSample(steps: readonly Step[], { base, serialNumber }: SampleTarget): string {
  const lines = steps.map(({ do: verb, parameters }) => `device ${verb} ${quoted(JSON.stringify(parameters))}`);
  return [
    '# TOKEN is in the address that "bluetap emulate --control" prints.',
    `device() { curl -fsS -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \\`,
    `  -d "$2" ${base}/v1/devices/${encodeURIComponent(serialNumber)}/"$1"; }`,
    '',
    ...lines,
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
