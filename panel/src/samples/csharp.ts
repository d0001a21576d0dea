import type { SampleTarget, Step } from './samples.js';

/** The steps in C#, with HttpClient. */
export function csharpSample(steps: readonly Step[], { base, serialNumber }: SampleTarget): string {
  const lines = steps.map(
    ({ do: verb, parameters }) => `await Device("${verb}", ${verbatim(JSON.stringify(parameters))});`,
  );
  return [
    'using System.Net.Http.Headers;',
    'using System.Text;',
    '',
    'var http = new HttpClient();',
    'http.DefaultRequestHeaders.Authorization =',
    '    new AuthenticationHeaderValue("Bearer", Environment.GetEnvironmentVariable("TOKEN"));',
    '',
    'async Task<string> Device(string verb, string parameters)',
    '{',
    '    var body = new StringContent(parameters, Encoding.UTF8, "application/json");',
    `    var answer = await http.PostAsync("${base}/v1/devices/${encodeURIComponent(serialNumber)}/" + verb, body);`,
    '    answer.EnsureSuccessStatusCode();',
    '    return await answer.Content.ReadAsStringAsync();',
    '}',
    '',
    ...lines,
  ].join('\n');
}

function verbatim(text: string): string {
  return `@"${text.replaceAll('"', '""')}"`;
}
